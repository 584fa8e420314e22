package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Items of one batch that end differently. */
class OutcomeTests {

    private final ByHand hand = new ByHand();

    private List<CompletableFuture<Integer>> outcomes(BatchFunction<Integer, List<Outcome<Integer>>> function) {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(BatchProcessor.withOutcomes(function))
                .maxBatchSize(3)
                .time(hand.time)
                .executor(hand.executor)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 3);
        hand.executor.runAll();
        return futures;
    }

    @Test
    void eachItemEndsInItsOwnWay() {
        IllegalStateException cause = new IllegalStateException();

        List<CompletableFuture<Integer>> futures =
                outcomes(batch -> List.of(Outcome.success(10), Outcome.failure(cause), Outcome.success(null)));

        assertThat(futures.get(0)).isCompletedWithValue(10);
        assertThat(ByHand.failure(futures.get(1))).isSameAs(cause);
        assertThat(futures.get(2)).isCompletedWithValue(null);
    }

    @Test
    void oneFailureMayEndSeveralItems() {
        Outcome<Integer> failure = Outcome.failure(new IllegalStateException());

        List<CompletableFuture<Integer>> futures = outcomes(batch -> List.of(failure, failure, failure));

        assertThat(futures).extracting(ByHand::failure).hasOnlyElementsOfType(IllegalStateException.class);
    }

    @Test
    void aNullOutcomeBreaksTheContractForTheWholeBatch() {
        List<CompletableFuture<Integer>> futures =
                outcomes(batch -> Arrays.asList(Outcome.success(1), null, Outcome.success(3)));

        assertThat(futures).extracting(ByHand::failure).hasOnlyElementsOfType(BatchResultException.class);
    }

    @Test
    void aNullListOrTooFewOutcomesBreakTheContract() {
        assertThat(outcomes(batch -> null))
                .extracting(ByHand::failure)
                .hasOnlyElementsOfType(BatchResultException.class);
        assertThat(outcomes(batch -> List.of(Outcome.success(1))))
                .extracting(ByHand::failure)
                .hasOnlyElementsOfType(BatchResultException.class);
    }

    @Test
    void anOutcomeOfAPlainProcessorIsAResultLikeAnyOther() {
        AsyncBatcher<Integer, Outcome<Integer>> batcher = AsyncBatcher.<Integer, Outcome<Integer>>builder(
                        batch -> List.of(Outcome.failure(new IllegalStateException())))
                .maxBatchSize(1)
                .executor(Runnable::run)
                .build();

        assertThat(batcher.process(1).join()).isInstanceOf(Outcome.Failure.class);
    }

    @Test
    void aFailureNeedsACause() {
        assertThatNullPointerException().isThrownBy(() -> Outcome.failure(null));
    }

    @Test
    void theCauseIsDeliveredAsItIs() {
        CompletionException cause = new CompletionException(new IllegalStateException());

        List<CompletableFuture<Integer>> futures =
                outcomes(batch -> List.of(Outcome.failure(cause), Outcome.success(2), Outcome.success(3)));

        assertThat(ByHand.failure(futures.get(0))).isSameAs(cause);
    }

    @Test
    void noTextShowsWhatBelongsToAnItem() {
        IllegalStateException cause = new IllegalStateException("secret");

        assertThat(Outcome.success("secret")).hasToString("Success");
        assertThat(Outcome.failure(cause)).hasToString("Failure[java.lang.IllegalStateException]");
        assertThat(Outcome.retry(cause, Duration.ofSeconds(2)))
                .hasToString("Retry[java.lang.IllegalStateException after PT2S]");
    }
}
