package io.asyncbatcher.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.ItemTooHeavyException;
import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.QueueFullException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An item's way to the worker and back. */
class GrpcBatcherTests {

    private final InProcess process = new InProcess();

    @AfterEach
    void close() {
        process.close();
    }

    @Test
    void itemsOfTwoClientsShareABatchAndEachGetsItsOwnResult() {
        AsyncBatcher<String, String> batcher = process.batcher(options -> options);
        process.serve(process.worker(batcher, options -> options));
        GrpcBatcher<String, String> one = process.client(options -> options);
        GrpcBatcher<String, String> other = process.client(options -> options);

        CompletableFuture<String> first = one.process("a");
        CompletableFuture<String> second = other.process("b");
        process.time.advanceMillis(10);
        process.batches.runAll();

        assertThat(process.ran).containsExactly(List.of("a", "b"));
        assertThat(first).isCompletedWithValue("A");
        assertThat(second).isCompletedWithValue("B");
        assertThat(one.state().workers()).containsExactly("worker-1");
    }

    @Test
    void aNullResultArrivesAsNull() {
        process.serve(process.worker(process.batcher(options -> options.maxBatchSize(1)), options -> options));

        CompletableFuture<String> none = process.client(options -> options).process("none");
        process.batches.runAll();

        assertThat(none).isCompletedWithValue(null);
    }

    @Test
    void theWorkersFailureArrivesWithItsClassNameAndWithoutItsMessage() {
        process.serve(process.worker(process.batcher(options -> options.maxBatchSize(1)), options -> options));

        CompletableFuture<String> bad = process.client(options -> options).process("bad");
        process.batches.runAll();

        RemoteBatchException failure = failure(bad, RemoteBatchException.class);
        assertThat(failure.remoteClassName()).isEqualTo("java.lang.IllegalStateException");
        assertThat(failure.remoteMessage()).isNull();
        assertThat(failure.mayHaveRun()).isTrue();
        assertThat(failure).hasMessageNotContaining("secret");
    }

    @Test
    void theWorkersFailureArrivesWithItsMessageByChoice() {
        process.serve(process.worker(
                process.batcher(options -> options.maxBatchSize(1)), options -> options.failureMessages(true)));

        CompletableFuture<String> bad = process.client(options -> options).process("bad");
        process.batches.runAll();

        assertThat(failure(bad, RemoteBatchException.class).remoteMessage()).isEqualTo("secret");
    }

    @Test
    void aFullWorkerAnswersThatItsQueueIsFullAndTheItemHasNotRun() {
        process.serve(process.worker(process.batcher(options -> options.maxQueueSize(1)), options -> options));
        GrpcBatcher<String, String> client = process.client(options -> options);
        client.process("a");
        process.time.advanceMillis(10); // the only slot is taken by a batch that doesn't run
        client.process("b");

        CompletableFuture<String> third = client.process("c");

        assertThat(failure(third, QueueFullException.class).mayHaveRun()).isFalse();
    }

    @Test
    void anItemWhoseTimeIsOverIsNotDispatchedAtTheWorker() {
        process.serve(process.worker(process.batcher(options -> options), options -> options));
        GrpcBatcher<String, String> client = process.client(options -> options);

        CompletableFuture<String> item = client.process("a", Duration.ofMillis(5));
        process.time.advanceMillis(5);

        assertThat(item).isCompletedExceptionally();
        assertThat(failure(item, ItemExpiredException.class)).isNotNull();
        process.time.advanceMillis(100);
        process.batches.runAll();
        assertThat(process.ran).isEmpty();
    }

    @Test
    void aCancelTravelsAndGivesTheItemsRoomBack() {
        AsyncBatcher<String, String> batcher = process.batcher(options -> options);
        process.serve(process.worker(batcher, options -> options));
        GrpcBatcher<String, String> client = process.client(options -> options);
        CompletableFuture<String> item = client.process("a");
        assertThat(batcher.snapshot().queued()).isEqualTo(1);

        item.cancel(false);

        assertThat(batcher.snapshot().queued()).isZero();
        process.time.advanceMillis(100);
        process.batches.runAll();
        assertThat(process.ran).isEmpty();
        assertThat(client.snapshot().inFlight()).isZero();
    }

    @Test
    void everyItemHasATimeoutEvenWhereTheWorkerHangs() {
        process.serve(process.worker(process.batcher(options -> options), options -> options));
        CompletableFuture<String> item = process.client(options -> options).process("a");
        process.time.advanceMillis(10); // dispatched, and never run

        process.time.advance(Duration.ofSeconds(30));

        assertThat(failure(item, ItemExpiredException.class).mayHaveRun()).isTrue();
    }

    @Test
    void anItemThatCantBeEncodedFailsAloneAndOneThatCantBeDecodedHasNotRun() {
        process.serve(process.worker(process.batcher(options -> options), options -> options));
        GrpcBatcher<String, String> client = process.client(options -> options);

        CompletableFuture<String> unwritable = client.process("unwritable");
        CompletableFuture<String> unreadable = client.process("unreadable");
        CompletableFuture<String> good = client.process("a");
        process.time.advanceMillis(10);
        process.batches.runAll();

        failure(unwritable, IllegalArgumentException.class);
        assertThat(failure(unreadable, RemoteBatchException.class).mayHaveRun()).isFalse();
        assertThat(good).isCompletedWithValue("A");
    }

    @Test
    void anItemBiggerThanAFrameIsRejectedAtTheClient() {
        process.serve(process.worker(process.batcher(options -> options), options -> options));

        CompletableFuture<String> item = process.client(options -> options).process("a".repeat(Wire.MAX_FRAME_BYTES));

        assertThat(failure(item, ItemTooHeavyException.class).mayHaveRun()).isFalse();
    }

    @Test
    void aResultBiggerThanAFrameFailsItsItemAlone() {
        AsyncBatcher<String, String> batcher = AsyncBatcher.<String, String>builder(items -> items.stream()
                        .map(item -> item.equals("big") ? "x".repeat(Wire.MAX_FRAME_BYTES) : item)
                        .toList())
                .name("prices")
                .time(process.time)
                .executor(Runnable::run)
                .build();
        process.serve(process.worker(batcher, options -> options));
        GrpcBatcher<String, String> client = process.client(options -> options);

        CompletableFuture<String> big = client.process("big");
        CompletableFuture<String> small = client.process("small");
        process.time.advanceMillis(10);

        assertThat(failure(big, RemoteBatchException.class).mayHaveRun()).isTrue();
        assertThat(small).isCompletedWithValue("small");
    }

    @Test
    void processAllGivesTheResultsInTheItemsOrder() {
        process.serve(process.worker(process.batcher(options -> options), options -> options));

        CompletableFuture<List<String>> all = process.client(options -> options).processAll(List.of("a", "b", "c"));
        process.time.advanceMillis(10);
        process.batches.runAll();

        assertThat(all).isCompletedWithValue(List.of("A", "B", "C"));
    }

    @Test
    void whoeverEndsAllOfThemEarlyGivesTheirRoomBack() {
        AsyncBatcher<String, String> batcher = process.batcher(options -> options);
        process.serve(process.worker(batcher, options -> options));
        GrpcBatcher<String, String> client = process.client(options -> options);
        CompletableFuture<List<String>> completed = client.processAll(List.of("a", "b"));
        CompletableFuture<List<String>> failed = client.processAll(List.of("c", "d"));
        CompletableFuture<List<String>> cancelled = client.processAll(List.of("e", "f"));
        assertThat(batcher.snapshot().queued()).isEqualTo(6);

        completed.complete(List.of());
        assertThat(batcher.snapshot().queued()).isEqualTo(4);
        failed.completeExceptionally(new IllegalStateException("enough"));
        assertThat(batcher.snapshot().queued()).isEqualTo(2);
        cancelled.cancel(false);
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void theWorkersOwnItemTimeoutHoldsWhereItIsShorter() {
        process.serve(process.worker(
                process.batcher(options -> options.itemTimeout(Duration.ofSeconds(1))), options -> options));
        CompletableFuture<String> item = process.client(options -> options).process("a");
        process.time.advanceMillis(10);

        process.time.advance(Duration.ofSeconds(1));

        assertThat(failure(item, ItemExpiredException.class).mayHaveRun())
                .as("its batch has not begun, and the worker says so")
                .isFalse();
    }

    @Test
    void aRateLimitedWorkerLetsItemsWait() {
        process.serve(process.worker(
                process.batcher(
                        options -> options.maxBatchSize(1).concurrency(-1).rateLimit(1, Duration.ofSeconds(1))),
                options -> options));
        GrpcBatcher<String, String> client = process.client(options -> options);
        CompletableFuture<String> first = client.process("a");
        CompletableFuture<String> second = client.process("b");
        process.batches.runAll();

        assertThat(first).isCompletedWithValue("A");
        assertThat(second).isNotDone();
        process.time.advance(Duration.ofSeconds(1));
        process.batches.runAll();
        assertThat(second).isCompletedWithValue("B");
    }

    @Test
    void theWorkersCodeSeesWhoTheItemIsFrom() {
        List<String> seen = new ArrayList<>();
        AsyncBatcher<String, String> batcher = process.batcher(options -> options.partitionBy(item -> {
            RemoteItem current = RemoteItem.current();
            seen.add(current.client() + " " + current.partitionKey());
            return item;
        }));
        process.serve(process.worker(batcher, options -> options));
        GrpcBatcher<String, String> client =
                process.client(options -> options.clientName("web-1").partitionBy(String::length));

        client.process("abc");

        assertThat(seen).containsExactly("web-1 3");
        assertThat(RemoteItem.current()).isNull();
    }

    @Test
    void theCallersTraceIsCurrentWhileTheWorkerSubmitsItsItem() {
        List<String> seen = new ArrayList<>();
        ThreadLocal<String> current = new ThreadLocal<>();
        TracePropagation tracing = new TracePropagation() {
            @Override
            public Map<String, String> current() {
                return Map.of("traceparent", "caller");
            }

            @Override
            public ListenerContext.Scope open(Map<String, String> fields) {
                current.set(fields.get("traceparent"));
                return current::remove;
            }
        };
        AsyncBatcher<String, String> batcher = process.batcher(options -> options.partitionBy(item -> {
            seen.add(current.get());
            return item;
        }));
        process.serve(process.worker(batcher, options -> options.tracing(tracing)));

        process.client(options -> options.tracing(tracing)).process("a");

        assertThat(seen).containsExactly("caller");
        assertThat(current.get()).isNull();
    }

    @Test
    void whatSaysNothingAtAClientHasItsOneValue() {
        GrpcBatcher<String, String> client = process.client(UnaryOperator.identity());

        client.reconfigure(
                options -> options.withConcurrency(8).withItemTimeout(null).withMaxQueueSize(5));

        assertThat(client.options().concurrency()).isEqualTo(1);
        assertThat(client.options().itemTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(client.options().maxQueueSize()).isEqualTo(5);
    }

    static <E extends Throwable> E failure(CompletableFuture<?> future, Class<E> type) {
        assertThat(future).isCompletedExceptionally();
        CompletionException thrown = catchThrowableOfType(CompletionException.class, future::join);
        assertThat(thrown).hasCauseInstanceOf(type);
        return type.cast(thrown.getCause());
    }
}
