package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ListenerTests {

    private final ByHand hand = new ByHand();
    private final List<String> events = new ArrayList<>();

    private final BatcherListener recording = new BatcherListener() {
        @Override
        public void onRejected(String batcher, RejectionReason reason) {
            events.add("rejected " + reason);
        }

        @Override
        public void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {
            events.add("dispatched " + reason + " " + Arrays.toString(queueNanos));
        }

        @Override
        public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
            events.add("finished " + outcome + " " + size + " " + durationNanos);
        }

        @Override
        public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
            events.add("settled " + outcome + " " + latencyNanos);
        }
    };

    /** Throws an error wherever it is called. */
    private static final class Failing implements BatcherListener {
        @Override
        public void onRejected(String batcher, RejectionReason reason) {
            throw new AssertionError("thrown by a test");
        }

        @Override
        public void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {
            throw new AssertionError("thrown by a test");
        }

        @Override
        public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
            throw new AssertionError("thrown by a test");
        }

        @Override
        public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
            throw new AssertionError("thrown by a test");
        }
    }

    @Test
    void everyEventOfABatchIsToldWithItsTimes() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    hand.time.advance(Duration.ofNanos(100));
                    return batch;
                })
                .maxBatchSize(2)
                .listener(recording)
                .build();

        batcher.process(1);
        hand.time.advance(Duration.ofNanos(7));
        batcher.process(2);
        hand.time.advance(Duration.ofNanos(20));
        hand.executor.runAll();

        assertThat(events)
                .containsExactly(
                        "dispatched FULL [7, 0]",
                        "finished SUCCESS 2 100",
                        "settled SUCCESS 127",
                        "settled SUCCESS 120");
    }

    @Test
    void rejectionsAreTold() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxBatchSize(1)
                .maxQueueSize(1)
                .listener(recording)
                .build();
        ByHand.submit(batcher, 1, 3);
        assertThat(events).containsExactly("rejected FULL");

        batcher.stop(true);
        batcher.process(4);

        assertThat(events).containsOnlyOnce("rejected STOPPED");
        assertThat(events)
                .filteredOn(event -> event.startsWith("settled ABORTED"))
                .hasSize(2);
    }

    @Test
    void everyEndOfAnItemIsToldOnce() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    throw new IllegalStateException();
                })
                .listener(recording)
                .build();

        batcher.process(1).cancel(false);
        batcher.process(2, Duration.ofMillis(1));
        hand.time.advanceMillis(1);
        ByHand.submit(batcher, 3, 7);
        hand.executor.runAll();
        batcher.process(8);
        batcher.stop(true);

        assertThat(events.stream().map(event -> event.replaceAll(" \\d+$", "")))
                .filteredOn(event -> event.startsWith("settled"))
                .containsExactly(
                        "settled CANCELLED",
                        "settled EXPIRED",
                        "settled FAILURE",
                        "settled FAILURE",
                        "settled FAILURE",
                        "settled FAILURE",
                        "settled FAILURE",
                        "settled ABORTED");
    }

    @Test
    void aBatchOfOutcomesIsToldAsPartial() {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(BatchProcessor.<Integer, Integer>withOutcomes(
                        batch -> List.of(Outcome.success(1), Outcome.failure(new IllegalStateException()))))
                .maxBatchSize(2)
                .executor(hand.executor)
                .time(hand.time)
                .listener(recording)
                .build();

        ByHand.submit(batcher, 1, 2);
        hand.executor.runAll();

        assertThat(events).containsSubsequence("finished PARTIAL 2 0", "settled SUCCESS 0", "settled FAILURE 0");
    }

    @Test
    @DisplayName("Promise 1: whatever a listener throws, every item is settled")
    void aListenerThatThrowsIsContainedAndLogged() {
        List<LogRecord> logged = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logRecord) {
                logged.add(logRecord);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.asyncbatcher");
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            AsyncBatcher<Integer, Integer> batcher = hand.builder()
                    .name("prices")
                    .maxQueueSize(5)
                    .listener(new Failing())
                    .build();
            batcher.addListener(recording);

            List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 10);
            assertThat(batcher.process(11)).isCompletedExceptionally();
            hand.executor.runAll();
            batcher.process(12).cancel(false);

            assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10, 12, 14, 16, 18, 20);
            assertThat(batcher.stop(false)).isCompleted();
            assertThat(events).filteredOn(event -> event.startsWith("settled")).hasSize(11);
            assertThat(logged)
                    .isNotEmpty()
                    .allSatisfy(logRecord -> assertThat(logRecord.getMessage()).contains("prices"));
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    @Test
    void aListenerThatIsRemovedHearsNothingMore() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.process(0);
        batcher.addListener(recording);
        ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();
        assertThat(events).isNotEmpty();
        events.clear();

        batcher.removeListener(recording);
        batcher.removeListener(recording);
        ByHand.submit(batcher, 5, 9);
        hand.executor.runAll();

        assertThat(events).filteredOn(event -> !event.startsWith("settled")).isEmpty();
    }

    @Test
    void aListenerMayCallTheBatcher() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.addListener(new BatcherListener() {
            @Override
            public void onFinished(String name, BatchOutcome outcome, int size, long durationNanos) {
                batcher.flush();
                batcher.snapshot();
                batcher.close();
            }
        });

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(batcher.isRunning()).isFalse();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void anItemThatIsCancelledWhileItsEndIsToldIsToldOnce() {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        List<ItemOutcome> told = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        told.add(outcome);
                        if (told.size() == 1) {
                            futures.get(0).cancel(false);
                        }
                    }
                })
                .build();
        futures.add(batcher.process(1));

        hand.pass(ByHand.LINGER);

        assertThat(told).containsExactly(ItemOutcome.SUCCESS);
        assertThat(futures.get(0)).isDone();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void removingOneLeavesTheOthers() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).listener(recording).build();
        BatcherListener other = new BatcherListener() {
            @Override
            public void onDispatched(String name, DispatchReason reason, long[] queueNanos) {
                events.add("other");
            }
        };
        batcher.addListener(other);

        batcher.removeListener(other);
        batcher.process(1);
        hand.executor.runAll();

        assertThat(events).contains("dispatched FULL [0]").doesNotContain("other");
    }

    @Test
    void whatOneThrowsAboutACallerOrABatchIsLogged() {
        List<LogRecord> logged = new ArrayList<>();
        Logger logger = Logger.getLogger("io.asyncbatcher");
        Filter before = logger.getFilter();
        logger.setFilter(said -> !logged.add(said));
        try {
            AsyncBatcher<Integer, Integer> batcher = hand.builder()
                    .maxBatchSize(1)
                    .listener(new BatcherListener() {
                        @Override
                        public ListenerContext onSubmitted(String name) {
                            throw new AssertionError("thrown for a caller");
                        }

                        @Override
                        public BatchContext onBatch(
                                String name, DispatchReason reason, int size, List<ListenerContext> callers) {
                            throw new AssertionError("thrown for a batch");
                        }
                    })
                    .build();

            batcher.process(1);
            hand.executor.runAll();
        } finally {
            logger.setFilter(before);
        }

        assertThat(logged)
                .extracting(said -> said.getThrown().getMessage())
                .containsExactly("thrown for a caller", "thrown for a batch");
    }

    @Test
    void theEndOfABatchThatHasNotBegunIsNotTold() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).listener(recording).build();
        batcher.process(1);

        batcher.stop(true);
        hand.executor.runAll();

        assertThat(events).containsExactly("settled ABORTED 0");
    }
}
