package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls of a batcher from its own processor and its callers' continuations, on real threads. */
@Timeout(30)
class ReentryTests {

    private final AtomicReference<AsyncBatcher<Integer, Integer>> self = new AtomicReference<>();

    private AsyncBatcher<Integer, Integer> batcher(
            int concurrency, BiConsumer<AsyncBatcher<Integer, Integer>, Integer> action) {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    batch.forEach(item -> action.accept(self.get(), item));
                    return batch;
                })
                .concurrency(concurrency)
                .maxQueueTime(Duration.ofMillis(1))
                .build();
        self.set(batcher);
        return batcher;
    }

    static List<Consumer<CompletableFuture<?>>> waits() {
        return List.of(
                CompletableFuture::join,
                future -> unchecked(future::get),
                future -> unchecked(() -> future.get(20, SECONDS)));
    }

    private static <V> V unchecked(java.util.concurrent.Callable<V> call) {
        try {
            return call.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aBatchKnowsWhetherItIsInside() throws Exception {
        AsyncBatcher<Integer, Integer> other =
                AsyncBatcher.<Integer, Integer>builder(batch -> batch).build();
        CompletableFuture<AsyncBatcher<Integer, Boolean>> itself = new CompletableFuture<>();
        AsyncBatcher<Integer, Boolean> batcher = AsyncBatcher.<Integer, Boolean>builder(batch -> {
                    AsyncBatcher<Integer, Boolean> own = itself.join();
                    return batch.stream()
                            .map(item -> own.isInside() && !other.isInside())
                            .toList();
                })
                .maxBatchSize(1)
                .build();
        itself.complete(batcher);

        assertThat(batcher.process(1).get(10, SECONDS)).isTrue();
        assertThat(batcher.isInside()).isFalse();
        batcher.close();
        other.close();
    }

    @Test
    void processorsThatWaitForTheirOwnBatcherLeaveTheLearnedSlotsToOthers() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    if (batch.get(0) < 100) {
                        self.get().process(100 + batch.get(0)).join();
                    }
                    return batch;
                })
                .dispatch(DispatchMode.ADAPTIVE)
                .concurrency(-1)
                .maxBatchSize(1)
                .time(new VirtualTime()) // no time passes after which a call counts as stalled
                .build();
        self.set(batcher);

        assertThat(batcher.processAll(List.of(0, 1, 2, 3, 4, 5)).get(10, SECONDS))
                .hasSize(6);
        batcher.stop(true);
    }

    @ParameterizedTest
    @MethodSource("waits")
    @DisplayName("In the corners: waiting in the processor for an item of its own batcher throws instead of hanging")
    void waitingForOneselfThrows(Consumer<CompletableFuture<?>> wait) throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(1, (own, item) -> {
            if (item == 1) {
                wait.accept(own.process(2));
            }
        });

        CompletableFuture<Integer> future = batcher.process(1);
        CompletableFuture<Void> settled = future.handle((result, failure) -> null);
        settled.get(10, SECONDS);

        assertThat(ByHand.failure(future)).isInstanceOf(IllegalStateException.class);
        assertThat(batcher.process(3).get(10, SECONDS)).isEqualTo(3);
        batcher.close();
    }

    @Test
    void waitingForAllOfSeveralOwnItemsThrowsToo() {
        AsyncBatcher<Integer, Integer> batcher = batcher(1, (own, item) -> {
            if (item == 1) {
                own.processAll(List.of(2, 3)).join();
            }
        });

        assertThat(batcher.process(1).handle((result, failure) -> failure).join())
                .isInstanceOf(IllegalStateException.class);
        batcher.close();
    }

    @Test
    void allSlotsThatWaitForTheirOwnBatcherAreTooMany() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        AsyncBatcher<Integer, Integer> batcher = batcher(2, (own, item) -> {
            if (item < 10) {
                both.countDown();
                unchecked(() -> both.await(10, SECONDS));
                own.process(item + 10).join();
            }
        });
        batcher.reconfigure(options -> options.withMaxBatchSize(1));

        CompletableFuture<Throwable> first = batcher.process(1).handle((result, failure) -> failure);
        CompletableFuture<Throwable> second = batcher.process(2).handle((result, failure) -> failure);

        assertThat(java.util.stream.Stream.of(first.get(10, SECONDS), second.get(10, SECONDS))
                        .filter(IllegalStateException.class::isInstance))
                .hasSize(1);
        batcher.close();
    }

    @Test
    void waitingIsFineWhereAnotherSlotCanServeIt() throws Exception {
        AtomicInteger inner = new AtomicInteger();
        AsyncBatcher<Integer, Integer> batcher = batcher(2, (own, item) -> {
            if (item < 100) {
                inner.addAndGet(own.process(item + 100).join());
            }
        });

        assertThat(batcher.process(1).get(10, SECONDS)).isEqualTo(1);

        assertThat(inner).hasValue(101);
        batcher.close();
    }

    @Test
    @DisplayName("Promise 9: process, flush, pause, stop and close from a processor never deadlock the engine")
    void everyMethodMayBeCalledInTheProcessor() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(1, (own, item) -> {
            own.flush();
            own.pause();
            own.snapshot();
            own.reconfigure(options -> options.withConcurrency(2));
            own.resume();
            if (item == 1) {
                own.process(2);
                own.stop(false);
                own.stop(Duration.ofDays(1));
                own.close();
            }
        });

        CompletableFuture<Integer> future = batcher.process(1);

        assertThat(future.get(10, SECONDS)).isEqualTo(1);
        batcher.stop(false).get(10, SECONDS);
    }

    @Test
    @DisplayName("Promise 9: close from a continuation doesn't wait, and everything is settled all the same")
    void closeInAContinuationDoesNotWait() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(1, (own, item) -> {});
        batcher.reconfigure(options -> options.withMaxQueueTime(Duration.ofMillis(20)));
        CompletableFuture<Void> closed = batcher.process(1).thenRun(batcher::close);
        CompletableFuture<Integer> other = batcher.process(2);

        closed.get(10, SECONDS);

        assertThat(other.get(10, SECONDS)).isEqualTo(2);
        batcher.stop(false).get(10, SECONDS);
        assertThat(batcher.isRunning()).isFalse();
    }

    @Test
    void closeInAContinuationOfACancelledItemDoesNotWait() throws Exception {
        ByHand hand = new ByHand();
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        CompletableFuture<Integer> future = batcher.process(1);
        CompletableFuture<Void> closed = future.handle((result, failure) -> {
            batcher.close();
            return null;
        });

        Thread canceller = new Thread(() -> future.cancel(false));
        canceller.setDaemon(true);
        canceller.start();

        closed.get(10, SECONDS);
    }

    @Test
    void closeInAListenerOfAnExpiryDoesNotWait() throws Exception {
        ByHand hand = new ByHand();
        AtomicReference<AsyncBatcher<Integer, Integer>> own = new AtomicReference<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        own.set(hand.builder()
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        own.get().close();
                        closed.complete(null);
                    }
                })
                .build());
        var unused = own.get().process(1, Duration.ofMillis(5));

        Thread timer = new Thread(() -> hand.time.advanceMillis(6));
        timer.setDaemon(true);
        timer.start();

        closed.get(10, SECONDS);
    }

    @Test
    void aForcedStopInItsOwnProcessorAbortsTheBatchAndReturns() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(1, (own, item) -> own.stop(true));

        CompletableFuture<Throwable> failure = batcher.process(1).handle((result, thrown) -> thrown);

        assertThat(failure.get(10, SECONDS)).isInstanceOf(BatchAbortedException.class);
        batcher.stop(false).get(10, SECONDS);
    }

    @Test
    void stopsFromEverywhereAtOnceHaveOneEnd() throws Exception {
        CompletableFuture<CompletableFuture<Void>> inProcessor = new CompletableFuture<>();
        CompletableFuture<CompletableFuture<Void>> inContinuation = new CompletableFuture<>();
        CompletableFuture<CompletableFuture<Void>> inListener = new CompletableFuture<>();
        AsyncBatcher<Integer, Integer> batcher = batcher(1, (own, item) -> inProcessor.complete(own.stop(false)));
        batcher.addListener(new BatcherListener() {
            @Override
            public void onFinished(String name, BatchOutcome outcome, int size, long durationNanos) {
                inListener.complete(batcher.stop(false));
            }
        });

        CompletableFuture<Void> continued =
                batcher.process(1).thenAccept(result -> inContinuation.complete(batcher.stop(Duration.ofDays(1))));
        batcher.close();

        continued.get(10, SECONDS);
        for (var end : List.of(inProcessor, inContinuation, inListener)) {
            end.get(10, SECONDS).get(10, SECONDS);
        }
    }

    @Test
    void chainedLoadsGoOnAndOn() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(1, (own, item) -> {});
        batcher.reconfigure(options -> options.withMaxQueueTime(Duration.ZERO));
        CompletableFuture<Integer> chain = batcher.process(0);

        for (int link = 0; link < 1_000; link++) {
            chain = chain.thenCompose(previous -> batcher.process(previous + 1));
        }

        assertThat(chain.get(20, SECONDS)).isEqualTo(1_000);
        batcher.close();
    }

    @Test
    void aContinuationMayWaitForAnotherItemOfItsBatcher() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(1, (own, item) -> {});

        CompletableFuture<Integer> waited = batcher.process(1)
                .thenApply(first -> first + batcher.process(10).join());

        assertThat(waited.get(10, SECONDS)).isEqualTo(11);
        batcher.close();
    }

    @Test
    void aProcessorMayWaitForAnItemWhoseBatchHasReturned() throws Exception {
        HandRunExecutor completions = new HandRunExecutor();
        CompletableFuture<CompletableFuture<Integer>> returned = new CompletableFuture<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    if (batch.contains(2)) {
                        returned.get(10, SECONDS).join();
                    }
                    return batch;
                })
                .maxBatchSize(1)
                .completionExecutor(completions)
                .build();
        CompletableFuture<Integer> first = batcher.process(1);
        ByHand.await(() -> completions.waiting() == 1);
        CompletableFuture<Integer> second = batcher.process(2);
        returned.complete(first);
        ByHand.await(() -> batcher.snapshot().activeBatches() == 1);

        completions.runNext();

        ByHand.await(() -> completions.waiting() == 1);
        completions.runAll();
        assertThat(second.get(10, SECONDS)).isEqualTo(2);
        batcher.close();
    }

    @Test
    void aProcessorMayWaitForAnItemThatWaitsForANeighboursContinuation() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<CompletableFuture<Integer>> neighbour = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    if (batch.contains(3)) {
                        neighbour.get().join();
                    }
                    return batch;
                })
                .maxBatchSize(2)
                .build();
        batcher.pause();
        CompletableFuture<Void> first = batcher.process(1).thenRun(() -> {
            blocked.countDown();
            ByHand.await(release);
        });
        neighbour.set(batcher.process(2));
        CompletableFuture<Void> second = neighbour.get().thenRun(() -> {});
        batcher.resume();
        assertThat(blocked.await(10, SECONDS)).isTrue();

        assertThat(batcher.process(3).get(10, SECONDS)).isEqualTo(3);

        release.countDown();
        first.get(10, SECONDS);
        second.get(10, SECONDS);
        batcher.close();
    }

    @Test
    void aProcessorThatWaitsForAnItemOfItsOwnBatchThrows() throws Exception {
        AtomicReference<CompletableFuture<Integer>> mate = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    mate.get().join();
                    return batch;
                })
                .maxBatchSize(2)
                .build();
        batcher.pause();
        mate.set(batcher.process(1));
        CompletableFuture<Throwable> failure = batcher.process(2).handle((result, thrown) -> thrown);
        batcher.resume();

        assertThat(failure.get(10, SECONDS)).isInstanceOf(IllegalStateException.class);
        batcher.close();
    }

    @Test
    void aWaitThatIsOverLeavesTheSlotsToTheNext() {
        HandRunExecutor executor = new HandRunExecutor();
        AtomicInteger timeouts = new AtomicInteger();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    for (int i = 0; batch.contains(1) && i < 5; i++) {
                        CompletableFuture<Integer> own = self.get().process(2);
                        try {
                            own.get(0, SECONDS);
                        } catch (TimeoutException expected) {
                            timeouts.incrementAndGet();
                        }
                        Thread.currentThread().interrupt();
                        assertThatExceptionOfType(InterruptedException.class).isThrownBy(own::get);
                    }
                    return batch;
                })
                .maxBatchSize(1)
                .concurrency(2)
                .time(new VirtualTime())
                .executor(executor)
                .build();
        self.set(batcher);
        CompletableFuture<Integer> future = batcher.process(1);

        executor.runAll();

        assertThat(timeouts).hasValue(5);
        assertThat(future).isCompletedWithValue(1);
    }

    @Test
    void aProcessorMayWaitForSeveralItemsWhoseBatchHasReturned() {
        HandRunExecutor executor = new HandRunExecutor();
        AtomicReference<CompletableFuture<List<Integer>>> returned = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    if (batch.contains(3)) {
                        assertThatExceptionOfType(TimeoutException.class)
                                .isThrownBy(() -> returned.get().get(0, SECONDS));
                    }
                    return batch;
                })
                .maxBatchSize(1)
                .concurrency(1)
                .time(new VirtualTime())
                .executor(executor)
                .completionExecutor(settlement -> {
                    if (returned.get() == null || returned.get().isDone()) {
                        settlement.run();
                    } else {
                        executor.execute(settlement);
                    }
                })
                .build();
        returned.set(batcher.processAll(List.of(1, 2)));
        executor.runNext();
        CompletableFuture<Integer> waiting = batcher.process(3);

        executor.runAll();

        assertThat(waiting).isCompletedWithValue(3);
        assertThat(returned.get()).isCompletedWithValue(List.of(1, 2));
    }

    @Test
    void aWaitForWhatNeedsNoSlotHidesNoOtherThatWouldNotEnd() {
        HandRunExecutor executor = new HandRunExecutor();
        HandRunExecutor completions = new HandRunExecutor();
        AtomicReference<CompletableFuture<Integer>> returned = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    if (batch.contains(2)) {
                        assertThatExceptionOfType(TimeoutException.class)
                                .isThrownBy(() -> returned.get().get(0, SECONDS));
                        CompletableFuture<Integer> queued = self.get().process(3);
                        assertThatIllegalStateException().isThrownBy(() -> queued.get(0, SECONDS));
                    }
                    return batch;
                })
                .maxBatchSize(1)
                .concurrency(1)
                .time(new VirtualTime())
                .executor(executor)
                .completionExecutor(completions)
                .build();
        self.set(batcher);
        returned.set(batcher.process(1));
        executor.runNext(); // it has returned, and is not settled
        CompletableFuture<Integer> waiting = batcher.process(2);

        executor.runNext();
        completions.runAll();

        assertThat(waiting).isCompletedWithValue(2);
    }

    @Test
    void aBatcherOfAnotherKindIsNotInside() {
        AsyncBatcher<?, ?> other = (AsyncBatcher<?, ?>) Proxy.newProxyInstance(
                AsyncBatcher.class.getClassLoader(),
                new Class<?>[] {AsyncBatcher.class},
                InvocationHandler::invokeDefault);

        assertThat(other.isInside()).isFalse();
    }
}
