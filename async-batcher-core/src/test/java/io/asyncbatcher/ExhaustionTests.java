package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncbatcher.testing.HandRunExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of memory, threads and stack that come up in the engine itself: items fail, nothing is lost, the engine lives on. */
@Timeout(120)
@DisplayName("Promise 8: errors are handled like exceptions")
class ExhaustionTests {

    private static final long STACK_BYTES = 256 * 1024;
    private static final int ROUNDS = 40;

    private static List<Function<ExhaustedTime, AsyncBatcher.Builder<Integer, Integer>>> kinds() {
        return List.of(
                time -> AsyncBatcher.builder(ByHand::doubled),
                time -> AsyncBatcher.<Integer, Integer>builder(ByHand::doubled).batchTimeout(Duration.ofMinutes(1)),
                time -> AsyncBatcher.<Integer, Integer>builder(ByHand::doubled).dispatch(DispatchMode.ADAPTIVE),
                time -> AsyncBatcher.<Integer, Integer>builder(ByHand::doubled).partitionBy(item -> item % 2),
                time -> AsyncBatcher.<Integer, Integer>builder(ByHand::doubled).rateLimit(1_000, Duration.ofMillis(1)),
                time -> AsyncBatcher.<Integer, Integer>builder(ByHand::doubled).listener(new BatcherListener() {}),
                time -> AsyncBatcher.asyncBuilder(batch -> CompletableFuture.completedFuture(ByHand.doubled(batch))),
                time -> AsyncBatcher.asyncBuilder(batch -> doubledLater(batch, time)),
                time -> AsyncBatcher.builder(triedTwice()),
                time -> AsyncBatcher.builder(triedTwice()).listener(new BatcherListener() {}),
                time -> AsyncBatcher.builder(triedTwice()).partitionBy(item -> item % 2),
                time -> AsyncBatcher.builder(toldToSlowDownAtLast()).partitionBy(item -> item % 2));
    }

    /** By a stage that ends on the timer's thread. */
    private static CompletableFuture<List<Integer>> doubledLater(List<Integer> batch, ExhaustedTime time) {
        CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
        time.schedule(() -> stage.complete(ByHand.doubled(batch)), 1_000);
        return stage;
    }

    private static BatchProcessor<Integer, Integer> triedTwice() {
        Set<Integer> tried = new HashSet<>();
        return BatchProcessor.withOutcomes(batch ->
                batch.stream().map(item -> outcome(item, tried.add(item))).toList());
    }

    private static BatchProcessor<Integer, Integer> toldToSlowDownAtLast() {
        AtomicBoolean told = new AtomicBoolean();
        return batch -> {
            if (batch.contains(11) && !told.getAndSet(true)) {
                throw new RateLimitedException(Duration.ofMillis(1));
            }
            return ByHand.doubled(batch);
        };
    }

    private static Outcome<Integer> outcome(int item, boolean again) {
        return again ? Outcome.retry(new IOException("thrown by a test"), Duration.ZERO) : Outcome.success(2 * item);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whereverMemoryEndsEveryAcceptedItemIsSettledAndTheSlotIsFree(boolean inAPause) {
        for (int kind = 0; kind < kinds().size(); kind++) {
            for (int step = 0; step < 40; step++) {
                runOutOfMemory(kind, inAPause, step);
            }
        }
    }

    private static void runOutOfMemory(int kind, boolean inAPause, int step) {
        ExhaustedTime exhausted = new ExhaustedTime();
        AsyncBatcher<Integer, Integer> batcher = kinds().get(kind)
                .apply(exhausted)
                .maxBatchSize(3)
                .concurrency(1)
                .time(exhausted)
                .executor(Runnable::run)
                .build();
        Map<CompletableFuture<Integer>, Integer> accepted = new LinkedHashMap<>();
        if (inAPause) {
            batcher.pause();
            submit(batcher, exhausted, accepted);
            exhausted.left = step;
            ExhaustedTime.attempt(batcher::resume);
            ExhaustedTime.attempt(() -> exhausted.time.advanceMillis(1));
        } else {
            exhausted.left = step;
            submit(batcher, exhausted, accepted);
        }
        exhausted.left = Integer.MAX_VALUE;
        exhausted.time.advanceMillis(100);

        assertThat(accepted).as("kind %d, step %d", kind, step).allSatisfy(ExhaustionTests::assertSettled);
        assertThat(batcher.snapshot().activeBatches())
                .as("kind %d, step %d", kind, step)
                .isZero();
        CompletableFuture<Integer> next = batcher.process(100);
        exhausted.time.advanceMillis(100);
        assertThat(next).as("kind %d, step %d", kind, step).isCompletedWithValue(200);
        assertThat(batcher.stop(false)).as("kind %d, step %d", kind, step).isCompleted();
        assertThat(exhausted.time.alarms()).as("kind %d, step %d", kind, step).isZero();
    }

    private static void submit(
            AsyncBatcher<Integer, Integer> batcher,
            ExhaustedTime exhausted,
            Map<CompletableFuture<Integer>, Integer> accepted) {
        for (int i = 0; i < 12; i++) {
            int item = i;
            ExhaustedTime.attempt(() -> accepted.put(
                    item % 4 == 3 ? batcher.process(item, Duration.ofMinutes(1)) : batcher.process(item), item));
            ExhaustedTime.attempt(() -> exhausted.time.advanceMillis(1));
        }
    }

    private static void assertSettled(CompletableFuture<Integer> future, int item) {
        if (future.isCompletedExceptionally()) {
            assertThat(ByHand.failure(future)).isInstanceOf(OutOfMemoryError.class);
        } else {
            assertThat(future).isCompletedWithValue(2 * item);
        }
    }

    @Test
    void aLookThatFailsOnTheTimerIsMadeAgain() {
        ExhaustedTime exhausted = new ExhaustedTime();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .maxQueueTime(ByHand.LINGER)
                .time(exhausted)
                .executor(Runnable::run)
                .build();
        CompletableFuture<Integer> lone = batcher.process(1);
        exhausted.left = 0;
        assertThatThrownBy(() -> exhausted.time.advance(ByHand.LINGER)).isInstanceOf(OutOfMemoryError.class);

        exhausted.time.advanceMillis(2);

        assertThat(lone).isCompletedWithValue(2);
    }

    // ---- batches that are cut off ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whereverMemoryEndsABatchThatIsOutOfTimeIsGivenUp(boolean partitioned) {
        for (int step = 0; step < 10; step++) {
            ExhaustedTime exhausted = new ExhaustedTime();
            List<CompletableFuture<List<Integer>>> stages = new ArrayList<>();
            AsyncBatcher.Builder<Integer, Integer> builder = AsyncBatcher.asyncBuilder(batch -> {
                CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
                stages.add(stage);
                return stage;
            });
            if (partitioned) {
                builder.partitionBy(item -> "the same");
            }
            AsyncBatcher<Integer, Integer> batcher = builder.isolateFailures(failure -> true)
                    .batchTimeout(Duration.ofSeconds(1))
                    .maxBatchSize(4)
                    .maxQueueTime(Duration.ZERO)
                    .concurrency(2)
                    .time(exhausted)
                    .executor(Runnable::run)
                    .build();
            batcher.pause();
            List<CompletableFuture<Integer>> futures = new ArrayList<>(ByHand.submit(batcher, 1, 3));
            futures.add(batcher.process(4, Duration.ofMinutes(1)));
            batcher.resume();
            stages.get(0).completeExceptionally(new IOException("thrown by a test")); // the first half is called now

            exhausted.left = step;
            ExhaustedTime.attempt(() -> exhausted.time.advanceMillis(1_000));
            exhausted.left = Integer.MAX_VALUE;
            exhausted.time.advanceMillis(10);

            if (stages.size() == 3) { // otherwise the call with what has gone back has found no memory
                stages.get(2).complete(List.of(6, 8));
            }
            assertThat(futures.subList(0, 2))
                    .as("step %d", step)
                    .extracting(ByHand::failure)
                    .allMatch(BatchAbortedException.class::isInstance);
            assertSettled(futures.get(2), 3);
            assertSettled(futures.get(3), 4);
            stages.get(1).complete(List.of());
            assertThat(batcher.snapshot().activeBatches()).as("step %d", step).isZero();
            assertThat(batcher.stop(false)).as("step %d", step).isCompleted();
        }
    }

    @ParameterizedTest
    @EnumSource(DispatchMode.class)
    void whereverMemoryEndsABatchThatTheExecutorRejectsFailsAndItsSlotIsFree(DispatchMode mode) {
        for (int step = 0; step < 20; step++) {
            ExhaustedTime exhausted = new ExhaustedTime();
            AtomicInteger rejections = new AtomicInteger(2);
            AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                    .dispatch(mode)
                    .maxBatchSize(2)
                    .concurrency(2)
                    .completionExecutor(Runnable::run)
                    .time(exhausted)
                    .executor(batch -> {
                        if (rejections.getAndDecrement() > 0) {
                            throw new RejectedExecutionException("thrown by a test");
                        }
                        batch.run();
                    })
                    .build();
            batcher.pause();
            List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 6);
            exhausted.left = step;
            ExhaustedTime.attempt(batcher::resume);
            exhausted.left = Integer.MAX_VALUE;
            exhausted.time.advanceMillis(100);

            assertThat(futures).as("step %d", step).allMatch(CompletableFuture::isDone);
            assertThat(batcher.snapshot().activeBatches()).as("step %d", step).isZero();
            assertThat(batcher.stop(false)).as("step %d", step).isCompleted();
        }
    }

    @ParameterizedTest
    @EnumSource(DispatchMode.class)
    void whereverMemoryEndsAForcedStopComesToItsEnd(DispatchMode mode) {
        for (int step = 0; step < 20; step++) {
            ExhaustedTime exhausted = new ExhaustedTime();
            HandRunExecutor executor = new HandRunExecutor();
            AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                    .dispatch(mode)
                    .maxBatchSize(2)
                    .concurrency(2)
                    .completionExecutor(Runnable::run)
                    .listener(new BatcherListener() {})
                    .time(exhausted)
                    .executor(executor)
                    .build();
            List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 6);
            exhausted.left = step;
            ExhaustedTime.attempt(() -> {
                var unused = batcher.stop(true);
            });
            exhausted.left = Integer.MAX_VALUE;
            exhausted.time.advanceMillis(1_010); // for so long, the completionExecutor is waited for

            assertThat(futures)
                    .as("step %d", step)
                    .extracting(ByHand::failure)
                    .allMatch(BatcherException.class::isInstance);
            assertThat(batcher.snapshot().activeBatches()).as("step %d", step).isZero();
            assertThat(batcher.stop(false)).as("step %d", step).isCompleted();
        }
    }

    @Test
    void whereverMemoryEndsALowerLimitOfWeightLosesNoItem() {
        for (int step = 0; step < 10; step++) {
            ExhaustedTime exhausted = new ExhaustedTime();
            AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                    .maxBatchWeight(6, item -> item)
                    .completionExecutor(Runnable::run)
                    .time(exhausted)
                    .executor(Runnable::run)
                    .build();
            batcher.pause();
            List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 6);
            exhausted.left = step;
            ExhaustedTime.attempt(() -> batcher.reconfigure(options -> options.withMaxBatchWeight(3)));
            exhausted.left = Integer.MAX_VALUE;
            long limit = batcher.options().maxBatchWeight();
            exhausted.time.advanceMillis(100);
            batcher.resume();
            exhausted.time.advanceMillis(100);

            for (int item = 1; item <= 6; item++) {
                CompletableFuture<Integer> future = futures.get(item - 1);
                if (item > limit) {
                    assertThat(ByHand.failure(future))
                            .as("step %d, item %d", step, item)
                            .isInstanceOf(ItemTooHeavyException.class);
                } else {
                    assertThat(future).as("step %d, item %d", step, item).isCompletedWithValue(2 * item);
                }
            }
            assertThat(batcher.snapshot().queued()).as("step %d", step).isZero();
            assertThat(batcher.stop(false)).as("step %d", step).isCompleted();
        }
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
