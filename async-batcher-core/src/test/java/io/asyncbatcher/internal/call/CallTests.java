package io.asyncbatcher.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.Outcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallTests {

    private static <R> boolean read(BatchProcessor<String, R> processor, List<String> batch) throws Exception {
        Call<String> call = Call.of(processor);
        return call.read(call.apply(batch), "orders", new Object[batch.size()], 0, batch.size());
    }

    @Test
    void onlyAProcessorWithOutcomesHasThem() {
        assertThat(Call.of((List<String> batch) -> batch).outcomes()).isFalse();
        assertThat(Call.of(BatchProcessor.<String, String>withOutcomes(
                                batch -> batch.stream().map(Outcome::success).toList()))
                        .outcomes())
                .isTrue();
    }

    @Test
    void onlyOutcomesAndFailedLookupsAreToBeReadOnceMore() throws Exception {
        assertThat(read(batch -> batch, List.of("a"))).isFalse();
        assertThat(read(BatchProcessor.keyed(batch -> Map.of("a", 1)), List.of("a")))
                .isFalse();
        assertThat(read(
                        BatchProcessor.withOutcomes(
                                batch -> batch.stream().map(Outcome::success).toList()),
                        List.of("a")))
                .isTrue();
    }

    @Test
    void aProcessorWithOutcomesGivesOthersPlainResults() throws Exception {
        assertThat(BatchProcessor.<Integer, Integer>withOutcomes(batch -> List.of(Outcome.success(7)))
                        .processBatch(List.of(1)))
                .containsExactly(7);
        assertThat(AsyncBatchProcessor.<Integer, Integer>withOutcomes(
                                batch -> CompletableFuture.completedFuture(List.of(Outcome.success(7))))
                        .processBatch(List.of(1))
                        .toCompletableFuture())
                .isCompletedWithValue(List.of(7));
    }
}
