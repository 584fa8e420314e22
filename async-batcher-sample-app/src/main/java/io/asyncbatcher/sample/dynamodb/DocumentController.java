package io.asyncbatcher.sample.dynamodb;

import io.asyncbatcher.BatcherClient;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes documents and gives them back, one a request. */
@RestController
@Profile("dynamodb")
@RequestMapping("/api/dynamodb/documents")
class DocumentController {

    private static final String KEY = "[A-Za-z0-9._-]{1,128}";
    private static final String NOT_A_KEY = "must be 1 to 128 letters, digits, dots, hyphens or underscores";

    private final BatcherClient<DocumentKey, Document> reads;
    private final BatcherClient<Document, Document> writes;

    DocumentController(BatcherClient<DocumentKey, Document> reads, BatcherClient<Document, Document> writes) {
        this.reads = reads;
        this.writes = writes;
    }

    @GetMapping("/{key}")
    CompletableFuture<Document> get(@PathVariable @Pattern(regexp = KEY, message = NOT_A_KEY) String key) {
        return reads.process(new DocumentKey(key));
    }

    @PutMapping("/{key}")
    CompletableFuture<Document> put(
            @PathVariable @Pattern(regexp = KEY, message = NOT_A_KEY) String key,
            @Valid @RequestBody DocumentText body) {
        return writes.process(new Document(key, body.text()));
    }
}
