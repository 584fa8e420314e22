package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** What listeners, the snapshot and the log tell of a streaming batch. */
class StreamingListenerTests {

    private final Streaming streaming = new Streaming();
    private final ByHand hand = streaming.hand;
    private final List<String> events = new ArrayList<>();

    private final BatcherListener recording = new BatcherListener() {
        @Override
        public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
            events.add("finished " + outcome + " " + size + " after " + durationNanos / 1_000_000);
        }

        @Override
        public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
            events.add("settled " + outcome + " after " + latencyNanos / 1_000_000);
        }

        @Override
        public void onHalved(String batcher, int items) {
            events.add("halved " + items);
        }
    };

    private List<CompletableFuture<Integer>> run(StreamingConsumer<Integer, Integer> consumer) {
        AsyncBatcher<Integer, Integer> batcher =
                streaming.builder(consumer).listener(recording).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();
        return futures;
    }

    @Test
    void eachItemHasItsOwnLatencyAndTheBatchItsDuration() {
        run((batch, results) -> {
            for (int i = 0; i < 4; i++) {
                hand.time.advanceMillis(10);
                results.success(i, i);
            }
            hand.time.advanceMillis(5);
        });

        assertThat(events)
                .containsExactly(
                        "settled SUCCESS after 10",
                        "settled SUCCESS after 20",
                        "settled SUCCESS after 30",
                        "settled SUCCESS after 40",
                        "finished SUCCESS 4 after 45");
    }

    @Test
    void aBatchOfWhichSomeItemsFailHasEndedInPart() {
        run((batch, results) -> {
            results.success(0, 1);
            results.failure(1, new IllegalStateException());
            Streaming.succeed(batch, results, 2, 4);
        });
        run((batch, results) -> {
            results.success(0, 1);
            throw new IllegalStateException();
        });
        run((batch, results) -> Streaming.succeed(batch, results, 0, 3));

        assertThat(events).filteredOn(event -> event.startsWith("finished")).containsOnly("finished PARTIAL 4 after 0");
        assertThat(events).filteredOn("settled FAILURE after 0"::equals).hasSize(1 + 3 + 1);
        assertThat(events).filteredOn("settled SUCCESS after 0"::equals).hasSize(3 + 1 + 3);
    }

    @Test
    void aBatchOfWhichSomeItemsGoBackHasEndedInPart() {
        run((batch, results) -> {
            Streaming.succeed(batch, results, 0, 2);
            throw new RateLimitedException(Duration.ofMillis(5));
        });

        assertThat(events)
                .containsExactly("settled SUCCESS after 0", "settled SUCCESS after 0", "finished PARTIAL 4 after 0");
    }

    @Test
    void aBatchOfWhichNoItemSucceedsHasFailed() {
        run((batch, results) -> {});
        run((batch, results) -> {
            for (int i = 0; i < 4; i++) {
                results.failure(i, new IllegalStateException());
            }
        });

        assertThat(events).filteredOn(event -> event.startsWith("finished")).containsOnly("finished FAILURE 4 after 0");
        assertThat(events).hasSize(10);
    }

    @Test
    void aBatchThatIsCutOffIsAborted() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .async()
                .listener(recording)
                .batchTimeout(Duration.ofMillis(50))
                .build();
        ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();
        streaming.last().success(0, 1);

        hand.time.advanceMillis(50);
        streaming.last().success(1, 1);
        streaming.stages.get(0).complete(null);

        assertThat(events).startsWith("settled SUCCESS after 0").hasSize(5);
        assertThat(events)
                .filteredOn(event -> event.startsWith("finished"))
                .containsExactly("finished ABORTED 4 after 50");
        assertThat(events).filteredOn("settled ABORTED after 50"::equals).hasSize(3);
    }

    @Test
    void theSnapshotCountsOffWhatHasBeenReported() {
        List<Integer> inFlight = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = streaming.async().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();
        CompletableFuture<?> looked =
                futures.get(0).thenRun(() -> inFlight.add(batcher.snapshot().inFlight()));

        streaming.last().success(0, 2);

        assertThat(looked).isCompleted();
        assertThat(inFlight).containsExactly(3);
    }

    @Test
    void aListenerThatThrowsStopsNothing() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> Streaming.succeed(batch, results, 0, 4))
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        throw new AssertionError("thrown by a test");
                    }
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        assertThat(futures).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
    }

    // ---- the log ----

    private List<String> logged(Runnable work) {
        Logger logger = Logger.getLogger("io.asyncbatcher");
        List<String> messages = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                messages.add(entry.getLevel() + ": " + entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            work.run();
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        return messages;
    }

    @Test
    void eachKindOfWrongReportIsWarnedOfOnceABatcherAndWithoutItems() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    for (int i = 0; i < 4; i++) {
                        results.success(i, 77001);
                        results.success(i, 77002);
                    }
                    throw new IllegalStateException("77003");
                })
                .name("wrong")
                .build();

        List<String> messages = logged(() -> {
            ByHand.submit(batcher, 77004, 77011);
            hand.executor.runAll();
            streaming.last().success(0, 77005);
            streaming.last().success(1, 77006);
        });

        assertThat(messages).hasSize(3).noneMatch(message -> message.contains("7700"));
        assertThat(messages)
                .allMatch(message -> message.startsWith(Level.WARNING + ": The processor of batcher 'wrong' "));
        assertThat(messages.get(0)).contains("for a second time");
        assertThat(messages.get(1)).contains("after it had reported all items").contains("IllegalStateException");
        assertThat(messages.get(2)).contains("after it had returned");
    }

    @Test
    void aReportThatTheProcessorCouldntKnowToBeTooLateIsNotWarnedOf() {
        AsyncBatcher<Integer, Integer> batcher = streaming.async().build();

        List<String> messages = logged(() -> {
            List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
            hand.executor.runAll();
            futures.get(0).cancel(false);
            streaming.last().success(0, 1);
            boolean unused = batcher.stop(true).isDone();
            streaming.last().success(1, 1);
            streaming.stages.get(0).complete(null);
            streaming.last().success(2, 1);
        });

        assertThat(messages).isEmpty();
    }
}
