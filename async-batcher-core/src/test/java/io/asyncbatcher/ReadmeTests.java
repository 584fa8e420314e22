package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The plain Java of the README, word for word; that it is the same is a test of the starter's, with all documentation. */
class ReadmeTests {

    @Test
    void thePlainExampleRuns() {
        AsyncBatcher<Long, Long> squares = AsyncBatcher.<Long, Long>builder(
                        numbers -> numbers.stream().map(n -> n * n).toList())
                .name("squares")
                .maxBatchSize(100)
                .maxQueueTime(Duration.ofMillis(10))
                .build();

        CompletableFuture<Long> nine = squares.process(3L);

        squares.close(); // after everything accepted is settled

        assertThat(nine).isCompletedWithValue(9L);
    }
}
