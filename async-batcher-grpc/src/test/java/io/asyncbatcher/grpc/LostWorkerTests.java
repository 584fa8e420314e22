package io.asyncbatcher.grpc;

import static io.asyncbatcher.grpc.GrpcBatcherTests.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.QueueFullException;
import io.grpc.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers that die, go away, come back, and clients that stop. */
class LostWorkerTests {

    private final InProcess process = new InProcess();

    @AfterEach
    void close() {
        process.close();
    }

    private Server serve() {
        return process.serve(process.worker(process.batcher(options -> options), options -> options));
    }

    @Test
    void anItemOfALostWorkerMayHaveRunAndIsNotTriedAgain() {
        Server first = serve();
        CompletableFuture<String> item = process.client(options -> options).process("a");

        first.shutdownNow();

        assertThat(failure(item, BatchAbortedException.class).mayHaveRun()).isTrue();
        serve();
        process.time.advance(Duration.ofSeconds(2));
        process.batches.runAll();
        assertThat(process.ran).isEmpty();
    }

    @Test
    void anItemThatNeverLeftWaitsForAWorkerAndRuns() {
        CompletableFuture<String> item = process.client(options -> options).process("a");
        process.time.advance(Duration.ofSeconds(3));
        assertThat(item).isNotDone();

        serve();
        process.time.advance(Duration.ofSeconds(2));
        process.batches.runAll();

        assertThat(item).isCompletedWithValue("A");
    }

    @Test
    void anItemThatNeverLeftExpiresAndHasNotRun() {
        GrpcBatcher<String, String> client = process.client(options -> options);
        CompletableFuture<String> first = client.process("a", Duration.ofSeconds(1));
        CompletableFuture<String> second = client.process("b", Duration.ofSeconds(1));

        process.time.advance(Duration.ofSeconds(1));

        assertThat(failure(first, ItemExpiredException.class).mayHaveRun()).isFalse();
        assertThat(failure(second, ItemExpiredException.class).mayHaveRun()).isFalse();
        serve();
        process.time.advance(Duration.ofSeconds(2));
        process.batches.runAll();
        assertThat(process.ran).isEmpty();
    }

    @Test
    void withoutAWorkerTheQueueFillsUpAndRejects() {
        GrpcBatcher<String, String> client =
                process.client(options -> options.options(options.options().withMaxQueueSize(2)));
        client.process("taken, and waits for a worker");
        client.process("b");
        client.process("c");

        assertThat(failure(client.process("d"), QueueFullException.class).mayHaveRun())
                .isFalse();
    }

    @Test
    void anIdempotentItemIsSentOnceMore() {
        Server first = serve();
        GrpcBatcher<String, String> client = process.client(options -> options.idempotent(true));
        CompletableFuture<String> item = client.process("a");
        first.shutdownNow();
        assertThat(item).isNotDone();

        serve();
        process.time.advance(Duration.ofSeconds(2));
        process.batches.runAll();

        assertThat(item).isCompletedWithValue("A");
    }

    @Test
    void anIdempotentItemIsSentNoMoreThanOnceMore() {
        Server first = serve();
        CompletableFuture<String> item =
                process.client(options -> options.idempotent(true)).process("a");
        first.shutdownNow();
        Server second = serve();
        process.time.advance(Duration.ofSeconds(2));

        second.shutdownNow();

        assertThat(failure(item, BatchAbortedException.class).mayHaveRun()).isTrue();
    }

    @Test
    void anIdempotentItemThatWasLostExpiresWithTheTruthThatItMayHaveRun() {
        Server first = serve();
        CompletableFuture<String> item =
                process.client(options -> options.idempotent(true)).process("a", Duration.ofSeconds(5));
        first.shutdownNow();

        process.time.advance(Duration.ofSeconds(5));

        assertThat(failure(item, ItemExpiredException.class).mayHaveRun()).isTrue();
    }

    @Test
    void theFirstSuccessComesSoonAfterALongOutage() {
        Server first = serve();
        GrpcBatcher<String, String> client = process.client(options -> options);
        client.process("a");
        first.shutdownNow();
        process.time.advance(Duration.ofMinutes(10));

        serve();
        CompletableFuture<String> item = client.process("b");
        process.time.advanceMillis(1_200);
        process.time.advanceMillis(10);
        process.batches.runAll();

        assertThat(item).isCompletedWithValue("B");
    }

    @Test
    void aWorkerThatGoesAwayAnswersWhatItHasAndTheNextItemsGoElsewhere() {
        AsyncBatcher<String, String> batcher = process.batcher(options -> options);
        GrpcWorker leaving = process.worker(batcher, options -> options);
        Server first = process.serve(leaving);
        GrpcBatcher<String, String> client = process.client(options -> options);
        CompletableFuture<String> had = client.process("a");

        first.shutdown();
        CompletableFuture<Void> drained = leaving.drain();
        serve();
        CompletableFuture<String> next = client.process("b");

        assertThat(drained).isNotDone();
        process.time.advance(Duration.ofSeconds(1));
        process.batches.runAll();
        assertThat(had).isCompletedWithValue("A");
        assertThat(next).isCompletedWithValue("B");
        assertThat(drained).isDone();
        assertThat(process.ran).containsExactlyInAnyOrder(List.of("a"), List.of("b"));
    }

    @Test
    void withAPartitionKeyNothingIsSentElsewhereBeforeTheLastWorkerHasAnswered() {
        AsyncBatcher<String, String> batcher = process.batcher(options -> options.maxQueueTime(Duration.ofSeconds(5)));
        GrpcWorker leaving = process.worker(batcher, options -> options);
        Server first = process.serve(leaving);
        GrpcBatcher<String, String> client = process.client(options -> options.partitionBy(item -> "key"));
        client.process("a");

        first.shutdown();
        leaving.drain();
        serve();
        client.process("b");
        process.time.advance(Duration.ofSeconds(4));
        process.batches.runAll();
        assertThat(process.ran).isEmpty();

        process.time.advance(Duration.ofSeconds(3));
        process.batches.runAll();
        process.time.advance(Duration.ofSeconds(1));
        process.batches.runAll();
        assertThat(process.ran).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void aStreamThatIsOldIsReplacedWithoutLoss() {
        process.serve(process.worker(
                process.batcher(options -> options), options -> options.maxStreamAge(Duration.ofMinutes(10))));
        GrpcBatcher<String, String> client = process.client(options -> options);
        List<CompletableFuture<String>> items = new ArrayList<>();
        for (int minute = 0; minute < 25; minute++) {
            items.add(client.process("a" + minute));
            process.time.advanceMillis(10);
            process.batches.runAll();
            process.time.advance(Duration.ofMinutes(1));
        }

        assertThat(client.state().connects()).isEqualTo(3);
        assertThat(items).allSatisfy(item -> assertThat(item).isCompleted());
    }

    @Test
    void aGracefulStopOfTheClientEndsWhenTheWorkerHasAnswered() {
        serve();
        GrpcBatcher<String, String> client = process.client(options -> options);
        CompletableFuture<String> item = client.process("a");

        CompletableFuture<Void> end = client.stop(false);

        assertThat(end).isNotDone();
        failure(client.process("late"), BatcherStoppedException.class);
        process.time.advanceMillis(10);
        process.batches.runAll();
        assertThat(item).isCompletedWithValue("A");
        assertThat(end).isCompleted();
        assertThat(client.isRunning()).isFalse();
    }

    @Test
    void aForcedStopOfTheClientFailsWhatIsOnItsWay() {
        AsyncBatcher<String, String> batcher = process.batcher(options -> options);
        process.serve(process.worker(batcher, options -> options));
        GrpcBatcher<String, String> client = process.client(options -> options);
        CompletableFuture<String> item = client.process("a");

        CompletableFuture<Void> end = client.stop(true);

        assertThat(failure(item, BatchAbortedException.class).mayHaveRun()).isTrue();
        assertThat(end).isCompleted();
        assertThat(batcher.snapshot().queued()).as("withdrawn at the worker").isZero();
    }

    @Test
    void aStopWithoutAWorkerEndsWhenGraceIsOver() {
        GrpcBatcher<String, String> client = process.client(options -> options);
        CompletableFuture<String> item = client.process("a");

        CompletableFuture<Void> end = client.stop(Duration.ofSeconds(2));
        process.time.advance(Duration.ofSeconds(2));

        assertThat(end).isCompleted();
        assertThat(failure(item, BatchAbortedException.class).mayHaveRun()).isFalse();
    }

    @Test
    void aStoppedClientCanBeStartedAgain() {
        serve();
        GrpcBatcher<String, String> client = process.client(options -> options);
        client.process("a");
        client.stop(true);

        client.start();
        CompletableFuture<String> item = client.process("b");
        process.time.advanceMillis(10);
        process.batches.runAll();

        assertThat(item).isCompletedWithValue("B");
    }

    @Test
    void theStateTellsForHowLongNoWorkerHasBeenReachedAndRecoversByItself() {
        GrpcBatcher<String, String> client = process.client(options -> options);
        assertThat(client.state().unreachableFor()).isNull();
        client.connect();
        process.time.advance(Duration.ofSeconds(7));
        assertThat(client.state().unreachableFor()).isEqualTo(Duration.ofSeconds(7));

        serve();
        process.time.advance(Duration.ofSeconds(2));

        assertThat(client.state().unreachableFor()).isNull();
        assertThat(client.state().workers()).containsExactly("worker-1");
    }

    @Test
    void everyAcceptedItemIsToldOfOnce() {
        List<ItemOutcome> ends = new ArrayList<>();
        Server server = serve();
        GrpcBatcher<String, String> client = process.client(options -> options.listener(new BatcherListener() {
            @Override
            public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
                ends.add(outcome);
            }
        }));
        client.process("a");
        process.time.advanceMillis(10);
        process.batches.runAll();
        client.process("cancelled at the worker").cancel(false);
        client.process("expired at the worker", Duration.ofMillis(1));
        process.time.advanceMillis(1);
        client.process("lost");
        server.shutdownNow();
        client.process("expired in the queue", Duration.ofMillis(1));
        process.time.advanceMillis(1);
        client.process("cancelled in the queue").cancel(false);

        assertThat(ends)
                .containsExactly(
                        ItemOutcome.SUCCESS,
                        ItemOutcome.CANCELLED,
                        ItemOutcome.EXPIRED,
                        ItemOutcome.ABORTED,
                        ItemOutcome.EXPIRED,
                        ItemOutcome.CANCELLED);
    }
}
