package io.asyncbatcher.internal.engine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.call.Call;
import io.asyncbatcher.internal.call.QuickPath;
import io.asyncbatcher.internal.call.Setup;
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

    /** Batches that may go. */
    private Batch<Integer, String> batches(int count, Executor executor, TimeSource time) {
        Call<Integer> call = Call.of((List<Integer> batch) ->
                batch.stream().map(item -> Thread.currentThread().getName()).toList());
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
}
