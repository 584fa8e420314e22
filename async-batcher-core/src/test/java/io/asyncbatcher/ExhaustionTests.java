package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Errors of memory, threads and stack that come up in the engine itself: items fail, nothing is lost, the engine lives on. */
@Timeout(120)
@DisplayName("Promise 8: errors are handled like exceptions")
class ExhaustionTests {

    private static final long STACK_BYTES = 256 * 1024;
    private static final int ROUNDS = 40;

    /** A time source by which the engine runs out of memory at one of its steps, or of threads. */
    private static final class ExhaustedTime implements TimeSource {

        private final VirtualTime time = new VirtualTime();
        private int left = Integer.MAX_VALUE;
        private boolean noThreads;

        @Override
        public long nanoTime() {
            if (left-- == 0) {
                throw new OutOfMemoryError("as wanted by the test");
            }
            return time.nanoTime();
        }

        @Override
        public Alarm schedule(Runnable task, long delayNanos) {
            return time.schedule(task, delayNanos);
        }

        @Override
        public void offload(Runnable work) {
            if (noThreads) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            time.offload(work);
        }
    }

    @Test
    void whereverMemoryEndsEveryAcceptedItemIsSettledAndTheSlotIsFree() {
        List<IntFunction<AsyncBatcher.Builder<Integer, Integer>>> kinds = List.of(
                step -> AsyncBatcher.builder(ByHand::doubled),
                step -> AsyncBatcher.<Integer, Integer>builder(ByHand::doubled).batchTimeout(Duration.ofMinutes(1)),
                step -> AsyncBatcher.<Integer, Integer>builder(ByHand::doubled).dispatch(DispatchMode.ADAPTIVE),
                step -> AsyncBatcher.<Integer, Integer>builder(ByHand::doubled).partitionBy(item -> item % 2),
                step -> AsyncBatcher.<Integer, Integer>builder(ByHand::doubled).rateLimit(1_000, Duration.ofMillis(1)),
                step -> AsyncBatcher.<Integer, Integer>builder(ByHand::doubled).listener(new BatcherListener() {}),
                step -> AsyncBatcher.asyncBuilder(batch -> CompletableFuture.completedFuture(ByHand.doubled(batch))));
        for (IntFunction<AsyncBatcher.Builder<Integer, Integer>> kind : kinds) {
            for (int step = 0; step < 40; step++) {
                runOutOfMemory(kind.apply(step), step);
            }
        }
    }

    private static void runOutOfMemory(AsyncBatcher.Builder<Integer, Integer> builder, int step) {
        ExhaustedTime exhausted = new ExhaustedTime();
        AsyncBatcher<Integer, Integer> batcher = builder.maxBatchSize(3)
                .concurrency(1)
                .time(exhausted)
                .executor(Runnable::run)
                .build();
        List<CompletableFuture<Integer>> accepted = new ArrayList<>();
        exhausted.left = step;
        for (int item = 0; item < 12; item++) {
            try {
                accepted.add(item % 4 == 3 ? batcher.process(item, Duration.ofMinutes(1)) : batcher.process(item));
            } catch (OutOfMemoryError expected) {
                assertThat(expected).hasMessage("as wanted by the test");
            }
            try {
                exhausted.time.advanceMillis(1);
            } catch (OutOfMemoryError onTheTimersThread) {
                assertThat(onTheTimersThread).hasMessage("as wanted by the test");
            }
        }
        exhausted.left = Integer.MAX_VALUE;
        exhausted.time.advanceMillis(100);

        assertThat(accepted).as("step %d", step).allMatch(CompletableFuture::isDone);
        assertThat(batcher.snapshot().activeBatches()).as("step %d", step).isZero();
        CompletableFuture<Integer> next = batcher.process(100);
        exhausted.time.advanceMillis(100);
        assertThat(next).as("step %d", step).isCompletedWithValue(200);
        assertThat(batcher.stop(false)).as("step %d", step).isCompleted();
        assertThat(exhausted.time.alarms()).as("step %d", step).isZero();
    }

    @Test
    void whereNoThreadCanBeStartedNeitherBatchNorItemIsLost() {
        ExhaustedTime exhausted = new ExhaustedTime();
        exhausted.noThreads = true;
        HandRunExecutor executor = new HandRunExecutor();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .time(exhausted)
                .executor(executor)
                .build();

        CompletableFuture<Integer> batched = batcher.process(1);
        exhausted.time.advanceMillis(10_000);
        executor.runAll();
        CompletableFuture<Integer> queued = batcher.process(2);
        CompletableFuture<Void> end = batcher.stop(true);

        assertThat(batched).isCompleted();
        assertThat(queued).isCompletedExceptionally();
        assertThat(end).isCompleted();
    }

    @Tag("volume")
    @Test
    @DisplayName("Promise 1: a caller whose stack overflows takes nobody else's item with it")
    void callersThatRecurseUntilTheirStackIsFullLoseNothing() throws Exception {
        List<Throwable> deaths = Collections.synchronizedList(new ArrayList<>());
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> deaths.add(failure));
        try {
            recurse();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(deaths).as("failures of the threads that all batchers share").isEmpty();
    }

    private static void recurse() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            AsyncBatcher.Builder<Integer, Integer> builder = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                    .maxBatchSize(1 + round)
                    .maxQueueSize(-1)
                    .maxQueueTime(Duration.ofMillis(1));
            if (round % 4 == 1) {
                builder.batchTimeout(Duration.ofMinutes(1));
            }
            if (round % 5 == 2) {
                builder.partitionBy(item -> item % 3);
            }
            if (round % 5 == 3) {
                builder.dispatch(DispatchMode.ADAPTIVE);
            }
            recurse(builder.build(), round);
        }
    }

    private static void recurse(AsyncBatcher<Integer, Integer> batcher, int round) throws Exception {
        List<CompletableFuture<Integer>> accepted = Collections.synchronizedList(new ArrayList<>());
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread caller = new Thread(null, () -> accepted.addAll(submitDeeply(batcher, round)), "deep", STACK_BYTES);
            callers.add(caller);
            caller.start();
        }
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(batcher.process(5).get(20, SECONDS)).isEqualTo(10);
        for (CompletableFuture<Integer> future : accepted) {
            expectSettled(batcher, future, round);
        }
        batcher.stop(false).get(20, SECONDS);
    }

    private static List<CompletableFuture<Integer>> submitDeeply(AsyncBatcher<Integer, Integer> batcher, int round) {
        List<CompletableFuture<Integer>> accepted = new ArrayList<>(10_000);
        try {
            submitAndDescend(batcher, accepted, round % 3);
        } catch (StackOverflowError expected) {
            // as servers do that catch what a request throws
        }
        return accepted;
    }

    @SuppressWarnings("InfiniteRecursion") // until the stack is full
    private static void submitAndDescend(
            AsyncBatcher<Integer, Integer> batcher, List<CompletableFuture<Integer>> accepted, int kind) {
        CompletableFuture<Integer> future =
                kind == 1 ? batcher.process(1, Duration.ofMinutes(1)) : batcher.process(accepted.size());
        accepted.add(future);
        if (kind == 2 && accepted.size() % 7 == 0) {
            future.cancel(false);
        }
        submitAndDescend(batcher, accepted, kind);
    }

    private static void expectSettled(
            AsyncBatcher<Integer, Integer> batcher, CompletableFuture<Integer> future, int round) throws Exception {
        try {
            future.handle((result, failure) -> null).get(20, SECONDS);
        } catch (TimeoutException lost) {
            throw new AssertionError("an item is lost in round " + round + ": " + batcher.snapshot(), lost);
        }
    }
}
