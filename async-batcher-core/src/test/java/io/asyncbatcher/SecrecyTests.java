package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SecrecyTests {

    private static final String SECRET = "s3cr3t\r\nINFO all is well";

    private final ByHand hand = new ByHand();
    private final List<String> said = new ArrayList<>();
    private final Logger root = Logger.getLogger("");
    private final Logger own = Logger.getLogger("io.asyncbatcher");
    private final Level before = own.getLevel();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logRecord) {
            said.add(new SimpleFormatter().format(logRecord));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        handler.setLevel(Level.ALL);
        own.setLevel(Level.ALL);
        own.setUseParentHandlers(false);
        own.addHandler(handler);
        root.addHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        own.removeHandler(handler);
        root.removeHandler(handler);
        own.setLevel(before);
        own.setUseParentHandlers(true);
    }

    private AsyncBatcher<String, String> batcher(BatchProcessor<String, String> processor) {
        return AsyncBatcher.builder(processor)
                .maxBatchSize(2)
                .maxQueueSize(2)
                .time(hand.time)
                .executor(hand.executor)
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
                        throw new IllegalStateException("thrown by a test");
                    }
                })
                .build();
    }

    private void listenTo(AsyncBatcher<String, String> batcher, List<CompletableFuture<?>> futures) {
        said.add(batcher.toString());
        said.add(batcher.snapshot().toString());
        said.add(batcher.options().toString());
        for (CompletableFuture<?> future : futures) {
            said.add(future.toString());
            Throwable failure = ByHand.failure(future);
            if (failure != null) {
                StringWriter trace = new StringWriter();
                failure.printStackTrace(new PrintWriter(trace));
                said.add(trace.toString());
            }
        }
    }

    private void live(BatchProcessor<String, String> processor) {
        AsyncBatcher<String, String> batcher = batcher(processor);
        List<CompletableFuture<?>> futures = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            futures.add(batcher.process(SECRET));
        }
        listenTo(batcher, futures);
        hand.executor.runAll();
        futures.add(batcher.process(SECRET, Duration.ZERO));
        futures.add(batcher.process(SECRET, Duration.ofMillis(1)));
        hand.time.advanceMillis(1);
        CompletableFuture<String> cancelled = batcher.process(SECRET);
        cancelled.cancel(true);
        futures.add(cancelled);
        futures.add(batcher.processAll(List.of(SECRET, SECRET, SECRET, SECRET, SECRET, SECRET)));
        listenTo(batcher, futures);
        batcher.stop(true);
        futures.add(batcher.process(SECRET));
        hand.executor.runAll();
        listenTo(batcher, futures);
    }

    @Test
    @DisplayName("Promise 12: items and results never appear in logs, messages or toString")
    void noItemIsInAnythingTheBatcherSays() {
        live(batch -> batch);
        live(batch -> null);
        live(batch -> List.of(SECRET));
        live(batch -> Collections.nCopies(7, SECRET));
        live(BatchProcessor.keyed(batch -> null));
        live(BatchProcessor.keyed(batch -> new HashMap<>()));
        live(BatchProcessor.withOutcomes(batch -> Collections.nCopies(batch.size(), null)));
        live(BatchProcessor.withOutcomes(batch -> {
            Outcome<String> success = Outcome.success(SECRET);
            said.add(success.toString());
            return Collections.nCopies(batch.size(), success);
        }));
        live(batch -> {
            throw new CancellationException();
        });
        AsyncBatcher<String, String> rejecting = AsyncBatcher.<String, String>builder(batch -> batch)
                .maxBatchSize(1)
                .executor(task -> {
                    throw new RejectedExecutionException();
                })
                .build();
        listenTo(rejecting, List.of(rejecting.process(SECRET)));

        assertThat(said).hasSizeGreaterThan(100);
        assertThat(said).anyMatch(text -> text.contains("thrown by a test"));
        assertThat(said).noneMatch(text -> text.contains("s3cr3t") || text.contains("all is well"));
    }

    @Test
    void theCauseOfAFailedOutcomeIsNotInItsText() {
        assertThat(Outcome.failure(new IllegalStateException(SECRET)).toString())
                .doesNotContain("s3cr3t");
    }

    @Test
    void theTextOfABatcherIsItsName() {
        assertThat(AsyncBatcher.builder((List<Integer> batch) -> batch)
                        .name("orders")
                        .build())
                .hasToString("AsyncBatcher[orders]");
    }
}
