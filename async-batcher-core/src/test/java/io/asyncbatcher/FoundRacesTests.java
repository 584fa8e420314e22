package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.internal.thread.Alarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What reading for races has found, each in its smallest form. */
@Timeout(600)
class FoundRacesTests {

    private static final int ROUNDS = Integer.getInteger("races", 10_000) / 50;

    private final ByHand hand = new ByHand();

    @Test
    void aForcedStopAmongSubmissionsLeavesNoneUnsettled() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        forceAmongSubmissions(AsyncBatcher.<Integer, Integer>builder(batch -> {
            awaitUninterruptibly(end);
            return batch;
        }));
        end.countDown();
    }

    @Test
    void aForcedStopAmongSubmissionsDispatchesNothingMore() throws Exception {
        forceAmongSubmissions(
                AsyncBatcher.<Integer, Integer>builder(batch -> batch).executor(task -> {}));
    }

    private static void forceAmongSubmissions(AsyncBatcher.Builder<Integer, Integer> builder) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            AsyncBatcher<Integer, Integer> batcher = builder.maxQueueSize(-1).build();
            AtomicBoolean go = new AtomicBoolean(true);
            List<CompletableFuture<List<CompletableFuture<Integer>>>> submitters = IntStream.range(0, 2)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> submitUntilRejected(batcher, go), task -> new Thread(task).start()))
                    .toList();
            while (batcher.snapshot().queued() < 200) {
                Thread.onSpinWait();
            }

            batcher.stop(true).get(20, SECONDS);

            go.set(false);
            for (CompletableFuture<List<CompletableFuture<Integer>>> submitter : submitters) {
                assertThat(submitter.get(20, SECONDS)).allMatch(CompletableFuture::isDone);
            }
        }
    }

    private static List<CompletableFuture<Integer>> submitUntilRejected(
            AsyncBatcher<Integer, Integer> batcher, AtomicBoolean go) {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        while (go.get()) {
            CompletableFuture<Integer> future = batcher.process(1);
            futures.add(future);
            if (futures.size() >= 1_000) {
                LockSupport.parkNanos(1); // so that the stop comes before there are a million
            }
            if (ByHand.failure(future) instanceof BatcherStoppedException) {
                break;
            }
        }
        return futures;
    }

    @Test
    void aContinuationThatBlocksDoesntHoldUpTheNextBatchOfAnExecutorThatRunsAtOnce() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch nextRan = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    if (batch.contains(1)) {
                        awaitUninterruptibly(first);
                    } else {
                        nextRan.countDown();
                    }
                    return batch;
                })
                .maxBatchSize(1)
                .executor(Runnable::run)
                .build();
        batcher.pause();
        CompletableFuture<Integer> one = batcher.process(1);
        CompletableFuture<Void> continued = one.thenRun(() -> awaitUninterruptibly(nextRan));
        Thread running = new Thread(batcher::resume);
        running.start();
        batcher.process(2);

        first.countDown();

        continued.get(20, SECONDS);
        running.join(20_000);
    }

    @Test
    void aBatcherInsideAnothersContinuationMayWaitForTheOther() throws Exception {
        AtomicReference<AsyncBatcher<Integer, Integer>> outer = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> inner = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    outer.get().process(99).get(20, SECONDS);
                    return batch;
                })
                .maxBatchSize(1)
                .executor(Runnable::run)
                .build();
        outer.set(AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(1)
                .executor(Runnable::run)
                .build());
        outer.get().pause();
        CompletableFuture<Integer> chained = outer.get().process(1).thenCompose(inner::process);
        outer.get().process(2);

        Thread running = new Thread(outer.get()::resume);
        running.start();

        assertThat(chained.get(20, SECONDS)).isEqualTo(1);
        running.join(20_000);
    }

    @Test
    void longChainsOfContinuationsDontNestWhereEverythingRunsAtOnce() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(1)
                .executor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build();
        CompletableFuture<Integer> end = new CompletableFuture<>();
        Thread running = new Thread(() -> link(batcher, 20_000, end));
        running.start();

        assertThat(end.get(30, SECONDS)).isZero();
    }

    /** The next load is submitted by the continuation of the last, which is there before the last can end. */
    private static void link(AsyncBatcher<Integer, Integer> batcher, int left, CompletableFuture<Integer> end) {
        batcher.pause();
        CompletableFuture<Integer> loaded = batcher.process(left);
        loaded.thenAccept(value -> {
            if (value == 0) {
                end.complete(0);
            } else {
                link(batcher, value - 1, end);
            }
        });
        batcher.resume();
    }

    @Test
    void aBlockingContinuationOfOneItemDoesntKeepAForcedStopFromSettlingTheOthers() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> batcher =
                AsyncBatcher.<Integer, Integer>builder(batch -> batch).build();
        batcher.pause();
        List<CompletableFuture<Integer>> items =
                IntStream.range(0, 20).mapToObj(batcher::process).toList();
        items.get(0).whenComplete((result, failure) -> awaitUninterruptibly(end));
        List<CompletableFuture<Void>> others = items.subList(1, 20).stream()
                .map(item -> item.handle((result, failure) -> (Void) null))
                .toList();

        batcher.stop(true);

        CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)).get(20, SECONDS);
        end.countDown();
    }

    @Test
    void aTimeSourceThatCantOffloadLosesNeitherBatchNorItem() {
        AtomicBoolean broken = new AtomicBoolean(true);
        TimeSource time = new TimeSource() {
            @Override
            public long nanoTime() {
                return hand.time.nanoTime();
            }

            @Override
            public Alarm schedule(Runnable task, long delayNanos) {
                return hand.time.schedule(task, delayNanos);
            }

            @Override
            public void offload(Runnable work) {
                if (broken.get()) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                work.run();
            }
        };
        AsyncBatcher<Integer, Integer> batcher = hand.builder().time(time).build();

        CompletableFuture<Integer> batched = batcher.process(1);
        hand.time.advanceMillis(10_000);
        hand.executor.runAll();
        CompletableFuture<Integer> queued = batcher.process(2);
        CompletableFuture<Void> end = batcher.stop(true);

        assertThat(batched).isCompleted();
        assertThat(queued).isCompletedExceptionally();
        assertThat(end).isCompleted();
    }

    @Test
    void anItemWhoseTimeIsOverIsNotDispatchedThoughTheAlarmIsLate() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).concurrency(1).build();
        batcher.process(1);
        CompletableFuture<Integer> late = batcher.process(2, Duration.ofSeconds(1));

        hand.time.skip(Duration.ofSeconds(5));
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1));
        assertThat(ByHand.failure(late))
                .isInstanceOfSatisfying(
                        ItemExpiredException.class,
                        expired -> assertThat(expired.mayHaveRun()).isFalse());
    }

    @Test
    void aTimeoutThatIsNotNeededAnyMoreLeavesNoAlarm() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxQueueTime(Duration.ZERO).build();
        batcher.process(1, Duration.ofHours(1));

        hand.executor.runAll();

        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void aCompletionExecutorThatRunsATaskAndThenRejectsItDoesntEndTheStopEarly() {
        List<Runnable> tasks = new ArrayList<>();
        Executor odd = task -> {
            if (tasks.isEmpty()) {
                tasks.add(() -> {});
                task.run();
                throw new RejectedExecutionException("after all");
            }
            tasks.add(task);
        };
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxQueueTime(Duration.ZERO)
                .completionExecutor(odd)
                .build();
        batcher.pause();
        batcher.process(1);
        CompletableFuture<Integer> second = batcher.process(2);
        batcher.resume();
        hand.executor.runAll();

        CompletableFuture<Void> end = batcher.stop(false);
        assertThat(end).isNotDone();
        tasks.get(1).run();

        assertThat(second).isCompleted();
        assertThat(end).isCompleted();
    }

    @Test
    void aStopEndsAfterTheCancelledItemThatItWaitedFor() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().concurrency(1).maxBatchSize(1).build();
        batcher.process(1);
        CompletableFuture<Integer> queued = batcher.process(2);
        AtomicBoolean settledAtEnd = new AtomicBoolean();
        batcher.stop(false).thenRun(() -> settledAtEnd.set(queued.isDone()));
        hand.executor.runNext();
        assertThat(hand.executor.waiting()).isEqualTo(1);

        queued.cancel(false);
        hand.executor.runAll();

        assertThat(settledAtEnd).isTrue();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
