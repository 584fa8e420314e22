package io.asyncbatcher.sample.dynamodb;

import io.asyncbatcher.BatcherClient;
import jakarta.validation.Valid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes documents and gives them back, one a request. */
@RestController
@Profile("dynamodb")
@RequestMapping("/api/dynamodb/documents")
class DocumentController {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final BatcherClient<DocumentKey, Document> reads;
    private final BatcherClient<Document, Document> writes;

    DocumentController(BatcherClient<DocumentKey, Document> reads, BatcherClient<Document, Document> writes) {
        this.reads = reads;
        this.writes = writes;
    }

    @GetMapping("/{key}")
    CompletableFuture<Document> get(@Valid @ModelAttribute DocumentKey key) {
        return reads.process(key, TIMEOUT);
    }

    @PutMapping("/{key}")
    CompletableFuture<Document> put(@Valid @ModelAttribute DocumentKey key, @Valid @RequestBody DocumentText body) {
        return writes.process(new Document(key.key(), body.text()), TIMEOUT);
    }
}
