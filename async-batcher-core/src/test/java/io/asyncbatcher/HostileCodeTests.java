package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Processors, listeners and executors that are broken in the worst way. docs/security.md names these tests. */
@Timeout(30)
class HostileCodeTests {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        never.countDown();
    }

    private void hang() {
        entered.countDown();
        ByHand.await(never);
    }

    private static void assertAborted(CompletableFuture<?> future) {
        assertThat(ByHand.failure(future)).isInstanceOf(BatchAbortedException.class);
    }

    // ---- processors ----

    /** Says how many results it has, and never gives one. */
    private final class Unreadable extends AbstractList<Integer> {

        @Override
        public Integer get(int index) {
            hang();
            return 0;
        }

        @Override
        public int size() {
            return 1;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void resultsThatAreNeverReadToTheEndHoldNobodyPastTheBatchTimeout(boolean inStage) throws Exception {
        AsyncBatcher.Builder<Integer, Integer> builder = inStage
                ? AsyncBatcher.asyncBuilder(batch -> ByHand.elsewhere(Unreadable::new))
                : AsyncBatcher.builder(batch -> new Unreadable());
        AsyncBatcher<Integer, Integer> batcher =
                builder.maxBatchSize(1).batchTimeout(SECOND).time(time).build();
        CompletableFuture<Integer> future = batcher.process(1);
        assertThat(entered.await(10, SECONDS)).isTrue();

        time.advance(SECOND);

        ByHand.await(future::isDone);
        assertAborted(future);
        assertThat(batcher.stop(true)).succeedsWithin(Duration.ofSeconds(10));
    }

    /** Can't be shown. */
    private static final class Unspeakable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("thrown by a test");
        }
    }

    private static AsyncBatcher.Builder<Integer, Integer> batcherOf(BatchProcessor<Integer, Integer> processor) {
        return AsyncBatcher.builder(processor);
    }

    /** How an exception that can't be shown comes to a caller. */
    static Stream<Named<AsyncBatcher.Builder<Integer, Integer>>> waysOfAnUnspeakableException() {
        CompletableFuture<List<Integer>> stage = CompletableFuture.failedFuture(new Unspeakable());
        return Stream.of(
                Named.of("thrown", batcherOf(batch -> {
                    throw new Unspeakable();
                })),
                Named.of("of a stage", AsyncBatcher.asyncBuilder(batch -> stage)),
                Named.of(
                        "as an outcome",
                        batcherOf(BatchProcessor.withOutcomes(
                                batch -> Collections.nCopies(batch.size(), Outcome.failure(new Unspeakable()))))),
                Named.of(
                        "of the last attempt",
                        batcherOf(BatchProcessor.withOutcomes(
                                batch -> Collections.nCopies(batch.size(), Outcome.retry(new Unspeakable()))))),
                Named.of("of the weigher", batcherOf(batch -> batch).maxBatchWeight(10, item -> {
                    throw new Unspeakable();
                })),
                Named.of("of the partitioner", batcherOf(batch -> batch).partitionBy(item -> {
                    throw new Unspeakable();
                })));
    }

    @ParameterizedTest
    @MethodSource("waysOfAnUnspeakableException")
    void anExceptionWhoseMessageThrowsIsReplacedByOneThatEndsWhatHangsOnTheFuture(
            AsyncBatcher.Builder<Integer, Integer> builder) {
        AsyncBatcher<Integer, Integer> batcher = builder.maxBatchSize(2).build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 2);
        List<CompletableFuture<Integer>> stages = futures.stream()
                .map(future -> future.thenApply(result -> result))
                .toList();

        ByHand.await(() -> futures.stream().allMatch(CompletableFuture::isDone));
        ByHand.await(() -> stages.stream().allMatch(CompletableFuture::isDone));
        assertThat(futures)
                .extracting(ByHand::failure)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(BatchAbortedException.class)
                        .hasMessageContaining(Unspeakable.class.getName())
                        .hasMessageContaining("mend that class"));
        assertThat(batcher.stop(false)).succeedsWithin(Duration.ofSeconds(10));
    }

    // ---- listeners ----

    /** What a listener hears, and may be called for. */
    enum Event {
        DISPATCHED,
        FINISHED,
        SETTLED,
        REJECTED,
        SUBMITTED,
        BATCH,
        OPEN,
        CLOSE,
        CONTEXT_FINISHED;

        /** Comes between a batch and its call, or its end. */
        boolean isBeforeTheReturn() {
            return this == DISPATCHED || this == BATCH || this == OPEN || this == CLOSE;
        }
    }

    /** Does something at one event. */
    private record At(Event event, Runnable deed) implements BatcherListener {

        private void come(Event now) {
            if (now == event) {
                deed.run();
            }
        }

        @Override
        public void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {
            come(Event.DISPATCHED);
        }

        @Override
        public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
            come(Event.FINISHED);
        }

        @Override
        public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
            come(Event.SETTLED);
        }

        @Override
        public void onRejected(String batcher, RejectionReason reason) {
            come(Event.REJECTED);
        }

        @Override
        public ListenerContext onSubmitted(String batcher) {
            come(Event.SUBMITTED);
            return null;
        }

        @Override
        public BatchContext onBatch(String batcher, DispatchReason reason, int size, List<ListenerContext> callers) {
            come(Event.BATCH);
            return new BatchContext() {
                @Override
                public Scope open() {
                    come(Event.OPEN);
                    return () -> come(Event.CLOSE);
                }

                @Override
                public void onFinished(BatchOutcome outcome, Throwable failure) {
                    come(Event.CONTEXT_FINISHED);
                }
            };
        }
    }

    @Tag("volume")
    @ParameterizedTest
    @EnumSource
    void aListenerThatNeverReturnsHoldsNobodyPastTheBatchTimeout(Event event) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .maxBatchSize(2)
                .maxQueueSize(2)
                .concurrency(2)
                .batchTimeout(SECOND)
                .time(time)
                .listener(new At(event, () -> {
                    if (calls.incrementAndGet() == 1) {
                        hang();
                    }
                }))
                .build();
        batcher.pause();
        List<CompletableFuture<CompletableFuture<Integer>>> submitted = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int item = i;
            submitted.add(ByHand.elsewhere(() -> batcher.process(item)));
        }
        boolean onACaller = event == Event.SUBMITTED || event == Event.REJECTED;
        ByHand.await(() -> submitted.stream().filter(CompletableFuture::isDone).count() == (onACaller ? 3 : 4));
        batcher.resume();
        assertThat(entered.await(10, SECONDS)).isTrue();
        CompletableFuture<Integer> next = batcher.process(10);
        CompletableFuture<Integer> last = batcher.process(11);

        ByHand.await(() -> {
            time.advance(SECOND); // for the batch, and for whoever looks whether a thread has stopped settling
            return submitted.stream()
                            .filter(CompletableFuture::isDone)
                            .allMatch(future -> future.join().isDone())
                    && next.isDone()
                    && last.isDone();
        });

        if (event.isBeforeTheReturn()) {
            assertThat(batcher.snapshot().abandonedBatches()).isEqualTo(1);
        }
        assertThat(batcher.stop(true)).succeedsWithin(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @EnumSource
    void aListenerWhoseFailureCanNotBeLoggedStopsNothing(Event event) {
        Logger logger = Logger.getLogger("io.asyncbatcher");
        Handler asking = new Handler() {
            @Override
            public void publish(LogRecord logRecord) {
                assertThat(logRecord.getThrown().getMessage()).isNotNull(); // as Logback does, which catches nothing
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(asking);
        logger.setUseParentHandlers(false);
        try {
            AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                    .maxBatchSize(2)
                    .maxQueueSize(2)
                    .listener(new At(event, () -> {
                        throw new Unspeakable();
                    }))
                    .build();
            List<CompletableFuture<Integer>> accepted = new ArrayList<>();
            batcher.pause();
            for (int item = 0; item < 4; item++) {
                accepted.add(batcher.process(item));
            }
            batcher.resume();

            ByHand.await(() -> accepted.stream().allMatch(CompletableFuture::isDone));
            assertThat(accepted.subList(0, 2))
                    .extracting(CompletableFuture::join)
                    .containsExactly(0, 2);
            assertThat(accepted.subList(2, 4))
                    .extracting(ByHand::failure)
                    .hasOnlyElementsOfType(QueueFullException.class);
            assertThat(batcher.stop(false)).succeedsWithin(Duration.ofSeconds(10));
            assertThat(batcher.snapshot().activeBatches()).isZero();
        } finally {
            logger.removeHandler(asking);
            logger.setUseParentHandlers(true);
        }
    }

    // ---- executors ----

    @Test
    void anExecutorThatBlocksHoldsTheThreadThatHandsOverAndNobodyElse() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        AtomicInteger tasks = new AtomicInteger();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .maxBatchSize(1)
                .concurrency(2)
                .executor(task -> {
                    if (tasks.incrementAndGet() == 1) {
                        hang();
                    }
                    pool.execute(task);
                })
                .build();
        try {
            CompletableFuture<CompletableFuture<Integer>> held = ByHand.elsewhere(() -> batcher.process(1));
            assertThat(entered.await(10, SECONDS)).isTrue();

            assertThat(ByHand.elsewhere(() -> batcher.process(2)).get(10, SECONDS))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(4);
            assertThat(held).isNotDone();

            never.countDown();
            assertThat(held.get(10, SECONDS))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(2);
            batcher.close();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void anExecutorThatCopiesContextsRunsABatchInThatOfTheCallerWhoMadeItFull() {
        ThreadLocal<String> user = new ThreadLocal<>();
        ExecutorService pool = Executors.newSingleThreadExecutor();
        AsyncBatcher<String, String> batcher = AsyncBatcher.<String, String>builder(
                        batch -> batch.stream().map(item -> user.get()).toList())
                .maxBatchSize(2)
                .maxQueueTime(Duration.ofHours(1)) // only the second item makes it go
                .executor(task -> {
                    String copied = user.get();
                    pool.execute(() -> {
                        user.set(copied);
                        task.run();
                    });
                })
                .build();
        try {
            user.set("alice");
            CompletableFuture<String> of = batcher.process("of alice");
            user.set("bob");
            batcher.process("of bob");

            assertThat(of).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("bob");
        } finally {
            user.remove();
            pool.shutdownNow();
        }
    }

    // ---- continuations ----

    @Test
    void continuationsThatNeverReturnTakeTheThreadsOfTheCompletionExecutorOnly() throws Exception {
        ThreadPoolExecutor two = (ThreadPoolExecutor) Executors.newFixedThreadPool(2);
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .name("hostile-continuations")
                .maxBatchSize(10)
                .completionExecutor(two)
                .build();
        try {
            batcher.pause();
            List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 50);
            futures.forEach(future -> future.thenRun(this::hang));
            batcher.resume();
            assertThat(entered.await(10, SECONDS)).isTrue();
            ByHand.await(() -> two.getTaskCount() == 50);

            assertThat(Thread.getAllStackTraces().keySet())
                    .as("one a batch and no more, instead of one a continuation")
                    .filteredOn(thread -> thread.getName().equals("async-batcher-hostile-continuations"))
                    .hasSizeLessThanOrEqualTo(5);
            never.countDown();
            assertThat(batcher.stop(false)).succeedsWithin(Duration.ofSeconds(20));
        } finally {
            two.shutdownNow();
        }
    }
}
