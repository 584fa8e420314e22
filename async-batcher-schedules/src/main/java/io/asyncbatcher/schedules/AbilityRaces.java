package io.asyncbatcher.schedules;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Partitions, retries, halving, stages and the executor of continuations, each against another thread. */
final class AbilityRaces {

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "partitions",
                    "Items of two partitions come while the one slot becomes free.",
                    AbilityRaces::partitions),
            new Scenario(
                    "partitions-adaptive-expiry",
                    "A batch ends while the deadline is over that an adaptive decision counts on.",
                    AbilityRaces::partitionsAdaptive),
            new Scenario(
                    "retry-graceful-stop",
                    "An item comes back to be tried again while a graceful stop begins.",
                    trial -> retry(trial, false)),
            new Scenario(
                    "retry-forced-stop",
                    "An item comes back to be tried again while a forced stop begins.",
                    trial -> retry(trial, true)),
            new Scenario("halving-stop", "A failed batch is halved while a forced stop comes.", AbilityRaces::halving),
            new Scenario(
                    "stage-stop",
                    "A stage is completed by another thread while a forced stop gives its batch up.",
                    AbilityRaces::stage),
            new Scenario(
                    "completion-executor",
                    "Items are settled by tasks of the completionExecutor while a stop waits for them.",
                    AbilityRaces::completionExecutor),
            new Scenario(
                    "nested-frames",
                    "Two threads submit to an executor that runs a batch on the submitting thread.",
                    AbilityRaces::nestedFrames));

    private AbilityRaces() {}

    private static void partitions(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher()
                .maxBatchSize(2)
                .dispatch(DispatchMode.NATURAL)
                .partitionBy(item -> item % 2)
                .build();
        trial.limits(2, 1);
        trial.thread(() -> {
            trial.submit(batcher, 0);
            trial.call(batcher, 2).join();
        });
        trial.thread(() -> trial.call(batcher, 1).join());
        trial.check(batcher);
    }

    private static void partitionsAdaptive(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher()
                .maxBatchSize(2)
                .dispatch(DispatchMode.ADAPTIVE)
                .maxQueueTime(Duration.ofMillis(5))
                .partitionBy(item -> item % 2)
                .batchTimeout(Duration.ofMillis(20))
                .build();
        trial.limits(2, 1);
        trial.thread(() -> {
            trial.submit(batcher, 0);
            trial.submit(batcher, 2);
        });
        trial.thread(() -> trial.submit(batcher, 1));
        trial.check(batcher, BatchAbortedException.class);
    }

    private static void retry(Trial trial, boolean force) throws InterruptedException {
        boolean[] tried = new boolean[4];
        AsyncBatcher<Integer, Integer> batcher = trial.on(AsyncBatcher.<Integer, Integer>builder(
                        BatchProcessor.withOutcomes(items -> {
                            trial.enter(items);
                            trial.step();
                            trial.leave();
                            return items.stream()
                                    .map(item -> outcome(tried, item))
                                    .toList();
                        })))
                .maxBatchSize(2)
                .dispatch(DispatchMode.NATURAL)
                .build();
        trial.limits(2, 1);
        trial.attempts(2);
        trial.submit(batcher, 0);
        trial.thread(() -> trial.submit(batcher, 1));
        trial.thread(() -> trial.awaitStop(batcher.stop(force)));
        if (force) {
            trial.check(batcher, BatcherStoppedException.class, BatchAbortedException.class);
        } else {
            trial.check(batcher, BatcherStoppedException.class);
            Trial.demand(trial.wasSeen(0), "An accepted item was lost");
        }
    }

    private static Outcome<Integer> outcome(boolean[] tried, int item) {
        if (!tried[item]) {
            tried[item] = true;
            Exception cause = new IllegalStateException("again");
            return item == 0 ? Outcome.retry(cause, Duration.ofMillis(5)) : Outcome.retry(cause);
        }
        return Outcome.success(Trial.result(item));
    }

    private static void halving(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.on(AsyncBatcher.<Integer, Integer>builder(items -> {
                    trial.process(items);
                    if (items.contains(1)) {
                        throw new IllegalArgumentException("poison");
                    }
                    return Trial.results(items);
                }))
                .maxBatchSize(3)
                .isolateFailures(failure -> true)
                .build();
        trial.limits(3, 1);
        trial.attempts(3);
        IntStream.range(0, 3).forEach(item -> trial.thread(() -> trial.submit(batcher, item)));
        trial.thread(() -> trial.awaitStop(batcher.stop(true)));
        trial.check(
                batcher, BatcherStoppedException.class, BatchAbortedException.class, IllegalArgumentException.class);
    }

    private static void stage(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.on(AsyncBatcher.<Integer, Integer>asyncBuilder(items -> {
                    trial.enter(items);
                    CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
                    trial.thread(() -> {
                        trial.leave();
                        stage.complete(Trial.results(items));
                    });
                    return stage;
                }))
                .maxBatchSize(1)
                .dispatch(DispatchMode.NATURAL)
                .build();
        trial.limits(1, 1);
        trial.submit(batcher, 0);
        trial.thread(() -> trial.submit(batcher, 1));
        trial.thread(() -> trial.awaitStop(batcher.stop(true)));
        trial.check(batcher, BatcherStoppedException.class, BatchAbortedException.class);
    }

    private static void completionExecutor(Trial trial) throws InterruptedException {
        boolean[] continued = new boolean[2];
        CompletableFuture<?>[] after = new CompletableFuture<?>[2];
        AsyncBatcher<Integer, Integer> batcher = trial.batcher()
                .maxBatchSize(2)
                .completionExecutor(trial::execute)
                .build();
        trial.limits(2, 1);
        for (int item = 0; item < 2; item++) {
            int own = item;
            trial.thread(() -> after[own] = trial.call(batcher, own).thenRun(() -> continued[own] = true));
        }
        trial.thread(() -> trial.awaitStop(batcher.stop(false)));
        trial.check(batcher, BatcherStoppedException.class);
        for (int item = 0; item < 2; item++) {
            Trial.demand(
                    after[item].isDone() && continued[item] == trial.wasSeen(item),
                    "A continuation was lost, or ran without a result");
        }
    }

    private static void nestedFrames(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher()
                .executor(Runnable::run)
                .maxBatchSize(1)
                .dispatch(DispatchMode.NATURAL)
                .build();
        trial.limits(1, 1);
        trial.thread(() ->
                trial.call(batcher, 0).thenRun(() -> trial.submit(batcher, 1)).join());
        trial.thread(() -> trial.call(batcher, 2).join());
        trial.check(batcher);
    }
}
