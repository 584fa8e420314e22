package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Own threads that settle a quick batch while others are queued: the slot that is kept for them, and the callers that they
 * wake later. With real threads because it is about them.
 */
@Timeout(60)
class SettlingThreadTests {

    private static final int ROUNDS = Math.min(Integer.getInteger("races", 2_000), 20_000) / 10;

    /** So many batches that a thread holds back what somebody waits for. */
    private static final int PLENTY = 32;

    private final AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
            .maxQueueTime(Duration.ZERO)
            .build();

    @Test
    void whatComesWhileAThreadSettlesIsRunThoughTheThreadBlocks() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            CountDownLatch blocked = new CountDownLatch(1);
            CountDownLatch released = new CountDownLatch(1);
            batcher.pause();
            CompletableFuture<Void> blocking = batcher.process(1).thenRun(() -> {
                blocked.countDown();
                ByHand.await(released);
            });
            batcher.resume();
            assertThat(blocked.await(10, SECONDS)).isTrue();

            assertThat(batcher.process(2).get(10, SECONDS)).isEqualTo(2);

            released.countDown();
            blocking.get(10, SECONDS);
        }
        batcher.close();
    }

    /** A batcher of single items with so many queued that a thread holds back what somebody waits for. */
    private static AsyncBatcher<Integer, Integer> withPlentyQueued(BatchProcessor<Integer, Integer> processor) {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(processor)
                .maxBatchSize(1)
                .maxQueueTime(Duration.ZERO)
                .build();
        batcher.pause();
        return batcher;
    }

    private static List<CompletableFuture<Integer>> submit(AsyncBatcher<Integer, Integer> batcher) {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < PLENTY; i++) {
            futures.add(batcher.process(i));
        }
        return futures;
    }

    private static void expectOwnResults(List<CompletableFuture<Integer>> futures) throws Exception {
        for (int i = 0; i < futures.size(); i++) {
            assertThat(futures.get(i).get(10, SECONDS)).isEqualTo(i);
        }
    }

    @Test
    void wherePlentyIsQueuedCallersAreWokenAfterTheNextBatches() throws Exception {
        int wokenLater = 0;
        for (int round = 0; round < ROUNDS; round++) {
            ThreadLocal<Integer> calls = ThreadLocal.withInitial(() -> 0);
            AsyncBatcher<Integer, Integer> quick = withPlentyQueued(batch -> {
                calls.set(calls.get() + 1);
                return batch;
            });
            List<CompletableFuture<Integer>> futures = submit(quick);
            CompletableFuture<Integer> callsBefore = futures.get(0).thenApply(result -> calls.get());
            quick.resume();

            expectOwnResults(futures);
            wokenLater += callsBefore.get() > 1 ? 1 : 0;
            quick.close();
        }
        assertThat(wokenLater).isPositive();
    }

    @Test
    void theThreadThatWakesCallersLaterRunsWhatTheySubmit() throws Exception {
        int onTheSameThread = 0;
        for (int round = 0; round < ROUNDS; round++) {
            AtomicReference<Thread> last = new AtomicReference<>();
            AsyncBatcher<Integer, Integer> quick = withPlentyQueued(batch -> {
                if (batch.contains(PLENTY)) {
                    last.set(Thread.currentThread());
                }
                return batch;
            });
            List<CompletableFuture<Integer>> futures = submit(quick);
            AtomicReference<Thread> woken = new AtomicReference<>();
            CompletableFuture<Integer> next = futures.get(0).thenCompose(result -> {
                woken.set(Thread.currentThread());
                return quick.process(PLENTY);
            });
            quick.resume();

            assertThat(next.get(10, SECONDS)).isEqualTo(PLENTY);
            onTheSameThread += last.get() == woken.get() ? 1 : 0;
            quick.close();
        }
        assertThat(onTheSameThread).isGreaterThan(ROUNDS / 10); // unless the thread is held up for long
    }

    @Test
    void whatComesIsRunThoughACallerThatWasHeldBackBlocksTheThread() throws Exception {
        AsyncBatcher<Integer, Integer> quick = withPlentyQueued(batch -> batch);
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        List<CompletableFuture<Integer>> futures = submit(quick);
        CompletableFuture<Void> blocking = futures.get(0).thenRun(() -> {
            blocked.countDown();
            ByHand.await(released);
        });
        quick.resume();
        assertThat(blocked.await(10, SECONDS)).isTrue();

        assertThat(quick.process(PLENTY).get(10, SECONDS)).isEqualTo(PLENTY);

        released.countDown();
        blocking.get(10, SECONDS);
        quick.close();
    }

    @Tag("volume")
    @Test
    void aProcessorThatWaitsForACallerOfAnEarlierBatchGetsOn() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            CountDownLatch firstIsTold = new CountDownLatch(1);
            AsyncBatcher<Integer, Integer> waiting = withPlentyQueued(batch -> {
                if (batch.contains(3)) {
                    assertThat(firstIsTold.await(10, SECONDS)).isTrue();
                }
                return batch;
            });
            List<CompletableFuture<Integer>> futures = submit(waiting);
            CompletableFuture<Void> told = futures.get(0).thenRun(firstIsTold::countDown);
            waiting.resume();

            expectOwnResults(futures);
            told.get(10, SECONDS);
            waiting.close();
        }
    }

    @Tag("volume")
    @Test
    void aProcessorMayJoinWhatItsThreadHoldsBack() throws Exception {
        int joins = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletableFuture<Integer>> futures = new ArrayList<>();
            AtomicReference<Thread> first = new AtomicReference<>();
            AtomicInteger joined = new AtomicInteger();
            AsyncBatcher<Integer, Integer> joining = withPlentyQueued(batch -> {
                first.compareAndSet(null, Thread.currentThread());
                if (batch.contains(2) && first.get() == Thread.currentThread()) {
                    joined.addAndGet(1 + futures.get(0).join());
                }
                return batch;
            });
            futures.addAll(submit(joining));
            CompletableFuture<Void> told = futures.get(0).thenRun(() -> {});
            joining.resume();

            expectOwnResults(futures);
            told.get(10, SECONDS);
            joins += joined.get();
            joining.close();
        }
        assertThat(joins).isPositive();
    }

    @Test
    void aListenerThatWaitsForTheNextBatchGetsOn() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        AsyncBatcher<Integer, Integer> quick = withPlentyQueued(batch -> batch);
        quick.addListener(new BatcherListener() {
            @Override
            public void onFinished(String name, BatchOutcome outcome, int size, long durationNanos) {
                if (asked.incrementAndGet() == 2) {
                    answer.complete(quick.process(100).join());
                }
            }
        });
        List<CompletableFuture<Integer>> futures = submit(quick);
        quick.resume();

        expectOwnResults(futures);
        assertThat(answer.get(10, SECONDS)).isEqualTo(100);
        quick.close();
    }

    @Test
    void continuationsRunOnTheCompletionExecutorThoughPlentyIsQueued() throws Exception {
        ExecutorService own = Executors.newSingleThreadExecutor(work -> new Thread(work, "own"));
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(1)
                .maxQueueTime(Duration.ZERO)
                .completionExecutor(own)
                .build();
        for (int round = 0; round < ROUNDS; round++) {
            batcher.pause();
            List<CompletableFuture<String>> threads = new ArrayList<>();
            submit(batcher)
                    .forEach(future -> threads.add(
                            future.thenApply(result -> Thread.currentThread().getName())));
            batcher.resume();

            for (CompletableFuture<String> thread : threads) {
                assertThat(thread.get(10, SECONDS)).isEqualTo("own");
            }
        }
        batcher.close();
        own.shutdown();
    }

    @Tag("volume")
    @Test
    void aContinuationThatWaitsForALaterBatchGetsOn() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            AsyncBatcher<Integer, Integer> quick = withPlentyQueued(batch -> batch);
            List<CompletableFuture<Integer>> futures = submit(quick);
            CountDownLatch secondIsTold = new CountDownLatch(1);
            CompletableFuture<Void> first = futures.get(0).thenRun(() -> ByHand.await(secondIsTold));
            CompletableFuture<Void> second = futures.get(1).thenRun(secondIsTold::countDown);
            quick.resume();

            expectOwnResults(futures);
            first.get(10, SECONDS);
            second.get(10, SECONDS);
            quick.close();
        }
    }

    @Tag("volume")
    @Test
    void aForcedStopSettlesWhatIsHeldBackAndEachOnce() throws Exception {
        for (int round = 0; round < 10 * ROUNDS; round++) {
            AsyncBatcher<Integer, Integer> quick = withPlentyQueued(batch -> batch);
            List<CompletableFuture<Integer>> futures = submit(quick);
            AtomicInteger told = new AtomicInteger();
            List<CompletableFuture<Integer>> continuations = new ArrayList<>();
            futures.forEach(future -> continuations.add(future.handle((result, failure) -> told.incrementAndGet())));
            quick.resume();
            for (int spin = 0; spin < 20 * (round % 500); spin++) {
                Thread.onSpinWait();
            }
            quick.stop(true).get(10, SECONDS);

            assertThat(futures).allMatch(CompletableFuture::isDone);
            for (CompletableFuture<Integer> continuation : continuations) {
                continuation.get(10, SECONDS);
            }
            assertThat(told).hasValue(futures.size());
            for (int i = 0; i < futures.size(); i++) {
                assertThat(futures.get(i).isCompletedExceptionally()
                                || futures.get(i).join() == i)
                        .isTrue();
            }
            assertThat(quick.snapshot().inFlight()).isZero();
            quick.start();
            assertThat(quick.process(1).get(10, SECONDS)).isEqualTo(1); // its slot is free
            quick.close();
        }
    }

    @Test
    void aStopDoesntWaitForAContinuationOfABatchThatWasHeldBackThoughALaterOneIsOnTheSameThread() throws Exception {
        AsyncBatcher<Integer, Integer> quick = withPlentyQueued(batch -> batch);
        CountDownLatch released = new CountDownLatch(1);
        List<CompletableFuture<Integer>> futures = submit(quick);
        CompletableFuture<Void> blocking = futures.get(0).thenRun(() -> ByHand.await(released));
        quick.resume();

        quick.stop(false).get(10, SECONDS);

        expectOwnResults(futures);
        released.countDown();
        blocking.get(10, SECONDS);
    }

    @Test
    void everyBatchIsRunOnceWhoeverTakesIt() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AsyncBatcher<Integer, Integer> counting = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    calls.addAndGet(batch.size());
                    running.decrementAndGet();
                    return batch;
                })
                .maxQueueTime(Duration.ZERO)
                .concurrency(2)
                .maxBatchSize(3)
                .build();
        List<Thread> callers = new ArrayList<>();
        int each = 10 * ROUNDS;
        for (int caller = 0; caller < 4; caller++) {
            callers.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    assertThat(counting.process(i).join()).isEqualTo(i);
                }
            }));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
        counting.close();

        assertThat(calls).hasValue(4 * each);
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }
}
