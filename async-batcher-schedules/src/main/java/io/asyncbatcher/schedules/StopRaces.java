package io.asyncbatcher.schedules;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.DispatchMode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Stops of each kind against what goes on meanwhile. */
final class StopRaces {

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "submit-graceful-stop",
                    "Two threads submit while a third stops gracefully: each item is refused or has run.",
                    StopRaces::submitGracefulStop),
            new Scenario(
                    "submit-forced-stop",
                    "Two threads submit while a third stops by force: what is queued or in flight fails in its own way.",
                    StopRaces::submitForcedStop),
            new Scenario(
                    "forced-stop-continuations",
                    "A forced stop has items settled by several threads, each with a continuation; it ends after all.",
                    StopRaces::forcedStopContinuations),
            new Scenario(
                    "submit-bounded-stop",
                    "The grace of a stop ends while batches begin and return.",
                    StopRaces::submitBoundedStop),
            new Scenario(
                    "forced-stop-during-graceful",
                    "A forced stop comes while a graceful one waits for items that linger and run.",
                    StopRaces::forcedDuringGraceful),
            new Scenario(
                    "stop-and-start",
                    "A batcher is stopped and started again while others submit.",
                    StopRaces::stopAndStart),
            new Scenario(
                    "pause-resume-stop",
                    "Pause and resume come while another thread stops, which ends a pause.",
                    StopRaces::pauseResumeStop));

    private StopRaces() {}

    private static void submitGracefulStop(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher().maxBatchSize(2).build();
        trial.limits(2, 1);
        submitTwice(trial, batcher);
        trial.thread(() -> trial.awaitStop(batcher.stop(false)));
        trial.check(batcher, BatcherStoppedException.class);
    }

    private static void submitForcedStop(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher =
                trial.batcher().maxBatchSize(2).concurrency(2).build();
        trial.limits(2, 2);
        submitTwice(trial, batcher);
        trial.thread(() -> trial.awaitStop(batcher.stop(true)));
        trial.check(batcher, BatcherStoppedException.class, BatchAbortedException.class);
    }

    private static void forcedStopContinuations(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher().maxBatchSize(3).build();
        trial.limits(3, 1);
        CompletableFuture<?>[] continued = new CompletableFuture<?>[3];
        for (int item = 0; item < continued.length - 1; item++) {
            continued[item] = trial.call(batcher, item).thenRun(trial::step);
        }
        trial.thread(() -> continued[2] = trial.call(batcher, 2).thenRun(trial::step));
        trial.thread(() -> trial.awaitStop(batcher.stop(true)));
        trial.check(batcher, BatcherStoppedException.class, BatchAbortedException.class);
        CompletableFuture.allOf(continued).handle((all, failure) -> true).join(); // none is lost
    }

    private static void submitBoundedStop(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher().maxBatchSize(2).build();
        trial.limits(2, 1);
        submitTwice(trial, batcher);
        trial.thread(() -> trial.awaitStop(batcher.stop(Duration.ofMillis(5))));
        trial.check(batcher, BatcherStoppedException.class, BatchAbortedException.class);
    }

    private static void submitTwice(Trial trial, AsyncBatcher<Integer, Integer> batcher) {
        trial.thread(() -> {
            trial.submit(batcher, 0);
            trial.submit(batcher, 1);
        });
        trial.thread(() -> trial.submit(batcher, 2));
    }

    private static void forcedDuringGraceful(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher =
                trial.batcher().maxBatchSize(1).dispatch(DispatchMode.NATURAL).build();
        trial.limits(1, 1);
        trial.submit(batcher, 0);
        trial.submit(batcher, 1);
        trial.thread(() -> trial.awaitStop(batcher.stop(false)));
        trial.thread(() -> trial.awaitStop(batcher.stop(true)));
        trial.check(batcher, BatcherStoppedException.class, BatchAbortedException.class);
    }

    private static void stopAndStart(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher().maxBatchSize(2).build();
        trial.limits(2, 1);
        submitTwice(trial, batcher);
        trial.thread(() -> {
            trial.awaitStop(batcher.stop(false));
            batcher.start();
            trial.require(batcher.isRunning(), "Not running after its start");
            trial.submit(batcher, 3);
        });
        trial.check(batcher, BatcherStoppedException.class);
        Trial.demand(trial.wasSeen(3), "An item that came after the start was not run");
    }

    private static void pauseResumeStop(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher =
                trial.batcher().maxBatchSize(2).dispatch(DispatchMode.NATURAL).build();
        trial.limits(2, 1);
        trial.submit(batcher, 0);
        trial.thread(() -> {
            batcher.pause();
            trial.submit(batcher, 1);
            batcher.resume();
        });
        trial.thread(() -> trial.awaitStop(batcher.stop(false)));
        trial.check(batcher, BatcherStoppedException.class);
    }
}
