package io.asyncbatcher.sample.openai;

import static java.util.concurrent.CompletableFuture.failedFuture;

import io.asyncbatcher.BatcherClient;
import jakarta.validation.Valid;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes texts one a request, and has OpenAI embed many a request. */
@RestController
@Profile("openai")
@RequestMapping("/api/openai/embeddings")
class EmbeddingController {

    /** A caller waits through a short rate limit, and is told of a long one. Tomcat would give up after 30 s. */
    private static final Duration TIMEOUT = Duration.ofSeconds(25);

    private final BatcherClient<Text, float[]> embeddings;
    private final OpenAiApi openAi;

    EmbeddingController(BatcherClient<Text, float[]> embeddings, OpenAiApi openAi) {
        this.embeddings = embeddings;
        this.openAi = openAi;
    }

    @PostMapping
    CompletableFuture<Map<String, float[]>> embed(@Valid @RequestBody Text text) {
        return embeddings
                .process(text, TIMEOUT)
                .exceptionallyCompose(failure -> failedFuture(openAi.inVain(failure)))
                .thenApply(vector -> Map.of("embedding", vector));
    }
}
