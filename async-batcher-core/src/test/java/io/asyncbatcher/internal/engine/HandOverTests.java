package io.asyncbatcher.internal.engine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.ForwardingTime;
import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.call.Call;
import io.asyncbatcher.internal.call.QuickPath;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Where batches of one item run that may go together. */
class HandOverTests {

    private final HandRunExecutor executor = new HandRunExecutor();

    /** The name of the thread on which each item was processed. */
    private final List<CompletableFuture<String>> threads = new ArrayList<>();

    private Ports<Integer, String> ports;
    private HandOver<Integer, String> handOver;

    private final List<Runnable> offloaded = new ArrayList<>();
    private boolean noMemory;

    /** A clock that finds no memory once when wanted, and leaves work for other threads in a list. */
    private final TimeSource exhausted = new ForwardingTime(new VirtualTime()) {
        @Override
        public long nanoTime() {
            if (noMemory) {
                noMemory = false;
                throw new OutOfMemoryError("thrown by a test");
            }
            return super.nanoTime();
        }

        @Override
        public void offload(Runnable work) {
            offloaded.add(work);
        }
    };

    /** Rejects a batch, with no memory for what follows from that. */
    private void reject() {
        noMemory = true;
        throw new RejectedExecutionException("thrown by a test");
    }

    /** Batches that may go. */
    private Batch<Integer, String> batches(int count, Executor executor, TimeSource time) {
        Call<Integer> call = Call.of((List<Integer> batch) ->
                batch.stream().map(item -> Thread.currentThread().getName()).toList());
        return batches(count, call, executor, time);
    }

    private Batch<Integer, String> batches(int count, Call<Integer> call, Executor executor, TimeSource time) {
        Setup<Integer> setup = new Setup<>("orders", call, null, executor, false, new QuickPath(), null, time);
        ports = new Ports<>(
                setup, null, BatcherOptions.defaults().withMaxBatchSize(1).withConcurrency(100));
        handOver = new HandOver<>(setup, ports.changes());
        ports.changes().change(dispatcher -> dispatcher.pause(true));
        for (int item = 0; item < count; item++) {
            threads.add(ports.submission().submit(item));
        }
        return ports.changes().changed(dispatcher -> dispatcher.pause(false));
    }

    @Test
    void afterSixtyFourBatchesTheNextAreBound() {
        Batch<Integer, String> batches = batches(65, executor, new VirtualTime());

        handOver.start(batches);

        assertThat(executor.waiting()).isEqualTo(65);
    }

    @Test
    void theTimersThreadRunsTheFirstItself() {
        Batch<Integer, String> batches = batches(3, executor, TimeSource.system());

        handOver.startOnTimer(batches);

        assertThat(threads.get(0)).isCompletedWithValue(Thread.currentThread().getName());
        assertThat(executor.waiting()).isEqualTo(2);
        executor.runAll();
        assertThat(threads).allMatch(CompletableFuture::isDone);
    }

    @Test
    void onAnotherClockAllRunOnTheExecutor() {
        Batch<Integer, String> batches = batches(3, executor, new VirtualTime());

        handOver.startOnTimer(batches);

        assertThat(executor.waiting()).isEqualTo(3);
        assertThat(threads).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void whatAnExecutorRejectsDuringAStopRunsOnAThreadOfTheBatchersName() throws Exception {
        Batch<Integer, String> batches = batches(
                2,
                task -> {
                    throw new RejectedExecutionException("thrown by a test");
                },
                TimeSource.system());
        ports.changes().write(dispatcher -> dispatcher.lifecycle().prepareStop());

        handOver.start(batches);

        for (CompletableFuture<String> thread : threads) {
            assertThat(thread.get(10, SECONDS)).isEqualTo("async-batcher-orders");
        }
    }

    @Test
    void aRejectedBatchForWhoseEndThereIsNoMemoryIsEndedByAnotherThread() {
        List<Runnable> handedOver = new ArrayList<>();
        Executor rejectingFirst = batch -> {
            handedOver.add(batch);
            if (handedOver.size() == 1) {
                reject();
            }
        };
        Batch<Integer, String> batches = batches(2, rejectingFirst, exhausted);

        handOver.start(batches);

        assertThat(handedOver).hasSize(2);
        assertThat(threads).noneMatch(CompletableFuture::isDone);
        offloaded.forEach(Runnable::run);
        assertThat(threads.get(0).handle((thread, failure) -> failure).getNow(null))
                .isInstanceOf(OutOfMemoryError.class);
        handedOver.get(1).run();
        assertThat(threads.get(1)).isCompleted();
        var stopped =
                ports.changes().answerCaller(dispatcher -> dispatcher.shutdown().stop(Nanos.FOREVER));
        assertThat(stopped).isCompleted(); // both slots are free
    }

    @Test
    void aBatchThatTheExecutorHasBegunBeforeItFailedGoesOn() {
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        Executor failingLate = batch -> {
            batch.run();
            reject();
        };
        Batch<Integer, String> batches = batches(1, Call.ofAsync(batch -> stage), failingLate, exhausted);

        handOver.start(batches);
        offloaded.forEach(Runnable::run);
        stage.complete(List.of("in time"));

        assertThat(threads.get(0)).isCompletedWithValue("in time");
    }
}
