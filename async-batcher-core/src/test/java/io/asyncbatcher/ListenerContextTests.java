package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What listeners note of items' callers, and what they want to be current for a batch. */
class ListenerContextTests {

    /** What is current on a thread, innermost first, as a tracer's current span would be. */
    private static final ThreadLocal<Deque<String>> CURRENT = ThreadLocal.withInitial(ArrayDeque::new);

    private static String current() {
        return String.join(" in ", CURRENT.get());
    }

    private static ListenerContext.Scope open(String name) {
        CURRENT.get().push(name);
        return () -> assertThat(CURRENT.get().pop()).isEqualTo(name);
    }

    private record Caller(String name) implements ListenerContext {
        @Override
        public Scope open() {
            return ListenerContextTests.open("caller " + name);
        }
    }

    /** Notes what is current at each event. */
    private final class Following implements BatcherListener {

        private final String prefix;
        private int batches;

        Following(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public @Nullable ListenerContext onSubmitted(String batcher) {
            return CURRENT.get().isEmpty() ? null : new Caller(prefix + current());
        }

        @Override
        public BatchContext onBatch(String batcher, DispatchReason reason, int size, List<ListenerContext> callers) {
            String name = prefix + "batch " + ++batches;
            events.add(name + " of " + size + " " + reason + " "
                    + callers.stream().map(caller -> ((Caller) caller).name()).toList());
            return new BatchContext() {
                @Override
                public Scope open() {
                    return ListenerContextTests.open(name);
                }

                @Override
                public void onFinished(BatchOutcome outcome, @Nullable Throwable failure) {
                    events.add(name + " finished " + outcome + " by " + failure);
                }
            };
        }
    }

    /** Tells which context each event happens in. */
    private final BatcherListener watching = new BatcherListener() {
        @Override
        public void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {
            events.add("dispatched in " + current());
        }

        @Override
        public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
            events.add("finished in " + current());
        }

        @Override
        public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
            events.add("settled in " + current());
        }
    };

    private final ByHand hand = new ByHand();
    private final List<String> events = new ArrayList<>();

    private AsyncBatcher.Builder<Integer, Integer> called() {
        return hand.<Integer>builder(batch -> {
                    events.add("called in " + current());
                    return batch;
                })
                .maxBatchSize(2);
    }

    private static <V> CompletableFuture<V> submitIn(String caller, AsyncBatcher<Integer, V> batcher, int item) {
        try (ListenerContext.Scope scope = open(caller)) {
            assertThat(scope).isNotNull();
            return batcher.process(item);
        }
    }

    @Test
    void aBatchKnowsItsCallersAndIsCurrentWhereItIsWorkedFor() {
        AsyncBatcher<Integer, Integer> batcher =
                called().maxBatchSize(3).listener(watching).build();
        batcher.addListener(new Following(""));

        submitIn("a", batcher, 1).thenRun(() -> events.add("continued in " + current()));
        batcher.process(2);
        submitIn("b", batcher, 3);
        hand.executor.runAll();

        assertThat(events)
                .containsExactly(
                        "batch 1 of 3 FULL [a, b]",
                        "dispatched in batch 1",
                        "called in batch 1",
                        "finished in batch 1",
                        "batch 1 finished SUCCESS by null",
                        "settled in ",
                        "settled in caller b",
                        "settled in caller a",
                        "continued in ");
        assertThat(current()).isEmpty();
    }

    @Test
    void eachListenerGetsItsOwn() {
        AsyncBatcher<Integer, Integer> batcher =
                called().listener(new Following("x ")).build();
        batcher.addListener(watching);
        batcher.addListener(new Following("y "));

        submitIn("a", batcher, 1);
        submitIn("b", batcher, 2);
        hand.executor.runAll();

        assertThat(events)
                .containsSubsequence("x batch 1 of 2 FULL [x a, x b]", "y batch 1 of 2 FULL [y a, y b]")
                .contains(
                        "called in x batch 1 in y batch 1",
                        "settled in caller x a in caller y a",
                        "x batch 1 finished SUCCESS by null",
                        "y batch 1 finished SUCCESS by null");
        assertThat(current()).isEmpty();
    }

    @Test
    void itemsFromBeforeTheListenerHaveNoCaller() {
        AsyncBatcher<Integer, Integer> batcher = called().build();
        submitIn("a", batcher, 1);
        batcher.addListener(new Following(""));
        submitIn("b", batcher, 2);
        hand.executor.runAll();

        submitIn("c", batcher, 3);
        submitIn("d", batcher, 4);
        hand.executor.runAll();

        assertThat(events).contains("batch 1 of 2 FULL [b]", "batch 2 of 2 FULL [c, d]");
    }

    @Test
    void aHalvedBatchIsOneThatIsCurrentInEachCall() {
        IllegalStateException failure = new IllegalStateException("poison");
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    events.add("called in " + current());
                    if (batch.contains(2)) {
                        throw failure;
                    }
                    return batch;
                })
                .maxBatchSize(2)
                .isolateFailures(IllegalStateException.class::isInstance)
                .listener(new Following(""))
                .build();

        ByHand.submit(batcher, 1, 2);
        hand.executor.runAll();

        assertThat(events)
                .containsExactly(
                        "batch 1 of 2 FULL []",
                        "called in batch 1",
                        "called in batch 1",
                        "called in batch 1",
                        "batch 1 finished PARTIAL by " + failure);
    }

    @Test
    void aBatchThatIsCutBetweenTwoCallsHasFinished() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    throw new IllegalStateException("poison");
                })
                .maxBatchSize(2)
                .isolateFailures(IllegalStateException.class::isInstance)
                .listener(new Following(""))
                .build();
        batcher.addListener(watching);

        ByHand.submit(batcher, 1, 2);
        hand.executor.runNext();
        batcher.stop(true).join();

        assertThat(events).filteredOn(event -> event.startsWith("finished")).containsExactly("finished in batch 1");
        assertThat(events).anyMatch(event -> event.startsWith("batch 1 finished ABORTED by"));
        assertThat(hand.batches).hasSize(1);
    }

    @Test
    void anItemThatIsTriedAgainBringsItsCallerAlong() {
        List<Integer> tries = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item -> {
                    tries.add(item);
                    return tries.size() == 1 ? Outcome.retry(new IllegalStateException()) : Outcome.success(item);
                })
                .maxBatchSize(1)
                .listener(new Following(""))
                .build();

        submitIn("a", batcher, 1);
        hand.pass(ByHand.LINGER);

        assertThat(events)
                .containsSubsequence("batch 1 of 1 FULL [a]", "batch 1 finished FAILURE by null")
                .contains("batch 2 of 1 FULL [a]", "batch 2 finished SUCCESS by null");
    }

    @Test
    void whatTheProcessorThrewIsTold() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    throw new IllegalStateException("down");
                })
                .maxBatchSize(1)
                .listener(new Following(""))
                .build();

        batcher.process(1);
        hand.executor.runAll();

        assertThat(events).contains("batch 1 finished FAILURE by java.lang.IllegalStateException: down");
    }

    @Test
    void anAsynchronousCallIsCurrentUntilItsStageIsReturned() {
        CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    events.add("called in " + current());
                    return stage;
                })
                .maxBatchSize(1)
                .time(hand.time)
                .executor(hand.executor)
                .listener(new Following(""))
                .build();

        batcher.process(1);
        hand.executor.runAll();
        assertThat(events).containsExactly("batch 1 of 1 FULL []", "called in batch 1");
        assertThat(current()).isEmpty();

        stage.complete(List.of(1));
        assertThat(events).endsWith("batch 1 finished SUCCESS by null");
    }

    @Test
    void aBatchThatRunsOutOfTimeHasFinishedOnceAndIsLeftByItsThread() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        List<String> left = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    begun.countDown();
                    new CountDownLatch(1).await();
                    return batch;
                })
                .maxBatchSize(1)
                .time(hand.time)
                .executor(hand.executor)
                .batchTimeout(Duration.ofMillis(1))
                .listener(new Following(""))
                .build();
        CompletableFuture<Integer> future = submitIn("a", batcher, 1);
        CompletableFuture<Void> running = ByHand.elsewhere(() -> {
            hand.executor.runAll();
            left.add(current());
            return null;
        });
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        hand.time.advanceMillis(1);

        running.join();
        assertThat(ByHand.failure(future)).isInstanceOf(BatchAbortedException.class);
        assertThat(left).containsExactly("");
        assertThat(events)
                .filteredOn(event -> event.contains("finished"))
                .singleElement()
                .asString()
                .startsWith("batch 1 finished ABORTED by " + BatchAbortedException.class.getName());
    }

    @Test
    void aBatchThatNeverBeganIsNotTold() {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(List::copyOf)
                .maxBatchSize(1)
                .executor(batch -> {
                    throw new RejectedExecutionException();
                })
                .time(hand.time)
                .listener(new Following(""))
                .build();
        assertThat(submitIn("a", batcher, 1)).isCompletedExceptionally();
        assertThat(events).isEmpty();
    }

    @Test
    void whatContextsThrowIsContained() {
        ListenerContext broken = () -> {
            throw new AssertionError("thrown by a test");
        };
        ListenerContext brokenAtItsEnd = () -> () -> {
            throw new AssertionError("thrown by a test");
        };
        Logger logger = Logger.getLogger("io.asyncbatcher");
        List<String> logged = new ArrayList<>();
        Filter filter = logger.getFilter();
        logger.setFilter(logRecord -> {
            logged.add(logRecord.getMessage());
            return false;
        });
        try {
            AsyncBatcher<Integer, Integer> batcher = called().build();
            batcher.addListener(contexts(broken));
            batcher.addListener(contexts(brokenAtItsEnd));
            batcher.addListener(new Following(""));
            batcher.addListener(new BatcherListener() {
                @Override
                public ListenerContext onSubmitted(String name) {
                    throw new AssertionError("thrown by a test");
                }

                @Override
                public BatchContext onBatch(
                        String name, DispatchReason reason, int size, List<ListenerContext> callers) {
                    throw new AssertionError("thrown by a test");
                }
            });

            CompletableFuture<Integer> first = submitIn("a", batcher, 1);
            CompletableFuture<Integer> second = submitIn("b", batcher, 2);
            hand.executor.runAll();

            assertThat(first).isCompletedWithValue(1);
            assertThat(second).isCompletedWithValue(2);
            assertThat(events).contains("called in batch 1", "batch 1 finished SUCCESS by null");
            assertThat(current()).isEmpty();
        } finally {
            logger.setFilter(filter);
        }
        assertThat(logged).isNotEmpty();
    }

    /** A listener whose contexts are all the given one. */
    private static BatcherListener contexts(ListenerContext context) {
        return new BatcherListener() {
            @Override
            public ListenerContext onSubmitted(String batcher) {
                return context;
            }

            @Override
            public BatchContext onBatch(
                    String batcher, DispatchReason reason, int size, List<ListenerContext> callers) {
                return new BatchContext() {
                    @Override
                    public Scope open() {
                        return context.open();
                    }

                    @Override
                    public void onFinished(BatchOutcome outcome, @Nullable Throwable failure) {
                        throw new AssertionError("thrown by a test");
                    }
                };
            }
        };
    }

    @Test
    void aSettledOrRejectedItemKeepsNothingOfItsCaller() {
        AsyncBatcher<Integer, Integer> batcher =
                called().maxQueueSize(1).maxBatchSize(1).build();
        List<WeakReference<ListenerContext>> noted = new ArrayList<>();
        batcher.addListener(new BatcherListener() {
            @Override
            public ListenerContext onSubmitted(String name) {
                ListenerContext caller = new Caller(name);
                noted.add(new WeakReference<>(caller));
                return caller;
            }
        });

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 3);
        batcher.process(4, Duration.ZERO);
        hand.executor.runAll();
        assertThat(noted).hasSize(4);
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(futures).anyMatch(CompletableFuture::isCompletedExceptionally);

        ByHand.await(() -> {
            System.gc();
            return noted.stream().allMatch(reference -> reference.get() == null);
        });
        assertThat(futures).hasSize(3);
    }

    @Test
    void aContextOfABatchThatEndsBeforeItsBeginningIsToldHearsOfTheEnd() {
        AsyncBatcher<Integer, Integer> batcher =
                called().maxBatchSize(1).listener(new Following("")).build();
        batcher.addListener(new BatcherListener() {
            @Override
            public @Nullable BatchContext onBatch(
                    String name, DispatchReason reason, int size, List<ListenerContext> callers) {
                var unused = batcher.stop(true);
                return null;
            }
        });

        batcher.process(1);
        hand.executor.runAll();

        assertThat(events)
                .filteredOn(event -> event.contains("finished"))
                .containsExactly("batch 1 finished ABORTED by null");
    }
}
