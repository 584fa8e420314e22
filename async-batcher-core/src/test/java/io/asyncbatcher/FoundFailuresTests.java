package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What random runs and reading have found, each in its smallest form. */
class FoundFailuresTests {

    private final ByHand hand = new ByHand();

    @Test
    void anItemThatWasToBeTriedAgainIsSettledByAForcedStopThatFindsItsBatchHalved() {
        Outcomes function = new Outcomes();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(BatchProcessor.withOutcomes(function))
                .maxBatchSize(4)
                .isolateFailures(failure -> true)
                .time(hand.time)
                .executor(hand.executor)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runNext(); // all of them fail
        hand.executor.runNext(); // of the first half, one wants another try

        CompletableFuture<Void> stopped = batcher.stop(true);

        assertThat(stopped).isCompleted();
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(futures.get(1)).isCompletedWithValue(2);
        assertThat(ByHand.failure(futures.get(0))).isInstanceOf(BatcherStoppedException.class);
    }

    /** Fails with more than two items, and has the first item tried again. */
    private static final class Outcomes implements BatchFunction<Integer, List<Outcome<Integer>>> {
        @Override
        public List<Outcome<Integer>> apply(List<Integer> batch) {
            if (batch.size() > 2) {
                throw new IllegalArgumentException();
            }
            return batch.stream()
                    .map(item ->
                            item == 1 ? Outcome.<Integer>retry(new IllegalStateException()) : Outcome.success(item))
                    .toList();
        }
    }
}
