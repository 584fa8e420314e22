package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors that end before the batchers that use them. */
@Timeout(30)
class ExecutorShutdownTests {

    private final ByHand hand = new ByHand();

    /** Takes batches until it is shut down; those it has taken are run. */
    private static final class Ending implements Executor {

        private final Deque<Runnable> taken = new ArrayDeque<>();
        private boolean shutDown;
        private int refusals = Integer.MAX_VALUE;

        /** Refuses so many, and takes the others. */
        void refuse(int batches) {
            shutDown = true;
            refusals = batches;
        }

        @Override
        public void execute(Runnable batch) {
            if (shutDown && refusals-- > 0) {
                throw new RejectedExecutionException("thrown by a test");
            }
            taken.add(batch);
        }
    }

    private final Ending executor = new Ending();

    private AsyncBatcher.Builder<Integer, Integer> builder() {
        return hand.builder().executor(executor);
    }

    @Test
    void whatIsRejectedDuringAGracefulStopRunsOnOwnThreads() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 12);
        executor.shutDown = true;

        CompletableFuture<Void> stopped = batcher.stop(false);
        executor.taken.remove().run();

        assertThat(futures).extracting(future -> future.getNow(null)).doesNotContainNull();
        assertThat(hand.batches).hasSize(3);
        assertThat(stopped).isCompleted();
    }

    @Test
    void anExecutorThatRejectsFromTheStopOnLosesNothing() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        executor.shutDown = true;
        batcher.pause();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 12);

        assertThat(batcher.stop(Duration.ofMinutes(1))).isCompleted();

        assertThat(futures).noneMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void whatFollowsFromARefusedBatchComesBehindTheBatchesThatWentWithIt() {
        AsyncBatcher<Integer, Integer> batcher =
                builder().maxBatchSize(1).concurrency(2).build();
        batcher.pause();
        ByHand.submit(batcher, 1, 3);
        batcher.prepareStop();
        executor.refuse(1);

        batcher.resume();
        executor.taken.forEach(Runnable::run);

        assertThat(hand.batches).containsExactly(List.of(1), List.of(2), List.of(3));
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void anAnnouncedStopIsEnough() {
        AsyncBatcher<Integer, Integer> batcher = builder().maxBatchSize(1).build();
        executor.shutDown = true;
        assertThat(ByHand.failure(batcher.process(1))).hasCauseInstanceOf(RejectedExecutionException.class);

        batcher.prepareStop();
        assertThat(batcher.isRunning()).isTrue();
        assertThat(batcher.process(2)).isCompletedWithValue(4);
        batcher.start();

        assertThat(ByHand.failure(batcher.process(3))).hasCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aStopAnnouncesTheNextOneNoMore() {
        AsyncBatcher<Integer, Integer> batcher = builder().maxBatchSize(1).build();
        batcher.prepareStop();
        assertThat(batcher.stop(false)).isCompleted();
        batcher.start();
        executor.shutDown = true;

        assertThat(ByHand.failure(batcher.process(1))).hasCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void furtherCallsOfAHalvedBatchAndRetriesRunToo() {
        List<List<Integer>> calls = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(BatchProcessor.<Integer, Integer>withOutcomes(
                        batch -> {
                            calls.add(List.copyOf(batch));
                            if (batch.contains(3) && batch.size() > 1) {
                                throw new IllegalStateException("thrown by a test");
                            }
                            return batch.stream()
                                    .map(item -> calls.size() < 4
                                            ? Outcome.<Integer>retry(new IllegalStateException("thrown by a test"))
                                            : Outcome.success(2 * item))
                                    .toList();
                        }))
                .isolateFailures(failure -> true)
                .maxBatchSize(4)
                .maxAttempts(10)
                .time(hand.time)
                .executor(executor)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        CompletableFuture<Void> stopped = batcher.stop(false);
        executor.shutDown = true;

        executor.taken.remove().run();
        hand.time.advance(Duration.ofSeconds(1));

        assertThat(futures).extracting(future -> future.getNow(null)).containsExactly(2, 4, 6, 8);
        assertThat(stopped).isCompleted();
    }

    @Test
    void aForcedStopRunsNothingThatIsRejected() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 12);
        executor.shutDown = true;

        assertThat(batcher.stop(true)).isCompleted();
        executor.taken.remove().run();

        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(hand.batches).isEmpty();
    }

    @Test
    void aPoolThatIsShutDownFirstLosesNothingUnderRealThreads() throws Exception {
        for (int round = 0; round < 50; round++) {
            ExecutorService pool = Executors.newFixedThreadPool(2);
            CountDownLatch begun = new CountDownLatch(1);
            AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                        begun.countDown();
                        return ByHand.doubled(batch);
                    })
                    .maxBatchSize(3)
                    .concurrency(2)
                    .executor(pool)
                    .build();
            List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 100);
            assertThat(begun.await(10, SECONDS)).isTrue();
            CompletableFuture<Void> stopped = batcher.stop(false);

            pool.shutdown();

            stopped.get(10, SECONDS);
            assertThat(futures).noneMatch(CompletableFuture::isCompletedExceptionally);
        }
    }
}
