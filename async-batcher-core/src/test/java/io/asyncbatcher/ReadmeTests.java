package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The plain Java of the README and of the engine's page, word for word; that it is the same is a test of the starter's, with all documentation. */
class ReadmeTests {

    @Test
    void thePlainExampleRuns() {
        AsyncBatcher<Long, Long> squares = AsyncBatcher.<Long, Long>builder(
                        numbers -> numbers.stream().map(n -> n * n).toList())
                .name("squares")
                .maxBatchSize(100)
                .maxQueueTime(Duration.ofMillis(10))
                .itemTimeout(Duration.ofSeconds(2)) // none by default: callers wait as long as it takes
                .build();

        CompletableFuture<Long> nine = squares.process(3L);

        squares.close(); // after everything accepted is settled

        assertThat(nine).isCompletedWithValue(9L);
    }

    private record Input(String customer, int tokens) {}

    private record Vector(int length) {}

    private interface Api {
        List<Outcome<Vector>> embed(List<Input> inputs);
    }

    @Test
    void theExampleWithManyOptionsRuns() {
        Api api = inputs -> inputs.stream()
                .map(input -> Outcome.success(new Vector(input.tokens())))
                .toList();
        AsyncBatcher<Input, Vector> embeddings = AsyncBatcher.builder(BatchProcessor.withOutcomes(api::embed))
                .name("embeddings")
                .maxBatchSize(100)
                .maxBatchWeight(8_000, Input::tokens)
                .partitionBy(Input::customer)
                .deduplicate()
                .rateLimit(60, Duration.ofMinutes(1))
                .batchTimeout(Duration.ofSeconds(30))
                .itemTimeout(Duration.ofSeconds(60))
                .dispatch(DispatchMode.ADAPTIVE)
                .build();

        CompletableFuture<Vector> vector = embeddings.process(new Input("ada", 7));
        embeddings.close();

        assertThat(vector).isCompletedWithValue(new Vector(7));
    }
}
