package io.asyncbatcher.schedules;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.OverflowPolicy;
import io.asyncbatcher.QueueFullException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;

/** The last free place of the queue, and the threads that wait for it. */
final class QueueRaces {

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "last-place-return",
                    "Three threads want the one place of a blocking queue, which returns of batches give back.",
                    QueueRaces::lastPlaceReturn),
            new Scenario(
                    "last-place-cancel",
                    "A cancel gives back the one place of a blocking queue while another thread begins to wait for it.",
                    QueueRaces::lastPlaceCancel),
            new Scenario(
                    "last-place-stop",
                    "A stop comes while threads begin to wait for a place: none of them sleeps on.",
                    QueueRaces::lastPlaceStop),
            new Scenario(
                    "last-place-patience",
                    "The time for which a thread waits for a place ends while the place becomes free.",
                    QueueRaces::lastPlacePatience),
            new Scenario(
                    "full-queue-dispatch",
                    "The item that fills the queue and the one that finds it full come at the same time.",
                    QueueRaces::fullQueueDispatch));

    private QueueRaces() {}

    private static AsyncBatcher.Builder<Integer, Integer> oneplace(Trial trial) {
        trial.limits(1, 1);
        return trial.batcher()
                .maxBatchSize(1)
                .maxQueueSize(1)
                .overflow(OverflowPolicy.BLOCK)
                .maxBlockTime(Trial.NEVER)
                .dispatch(DispatchMode.NATURAL);
    }

    private static void lastPlaceReturn(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = oneplace(trial).build();
        for (int item = 0; item < 3; item++) {
            int own = item;
            trial.thread(() -> trial.submit(batcher, own));
        }
        trial.join();
        trial.check(batcher);
    }

    private static void lastPlaceCancel(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = oneplace(trial).build();
        batcher.pause();
        var queued = trial.call(batcher, 0);
        trial.thread(() -> {
            queued.cancel(false);
            trial.require(!trial.wasSeen(0), "A cancelled item ran while the batcher was paused");
        });
        trial.thread(() -> trial.submit(batcher, 1)); // comes back only once it has the place
        trial.join();
        batcher.resume();
        trial.check(batcher, CancellationException.class);
    }

    private static void lastPlaceStop(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = oneplace(trial).build();
        batcher.pause();
        trial.submit(batcher, 0);
        trial.thread(() -> trial.submit(batcher, 1));
        trial.thread(() -> trial.submit(batcher, 2));
        trial.thread(() -> trial.awaitStop(batcher.stop(true)));
        trial.check(batcher, BatcherStoppedException.class, BatchAbortedException.class);
    }

    private static void lastPlacePatience(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher =
                oneplace(trial).maxBlockTime(Duration.ofMillis(5)).build();
        batcher.pause();
        trial.submit(batcher, 0);
        trial.thread(() -> trial.submit(batcher, 1));
        trial.thread(batcher::resume);
        trial.check(batcher, QueueFullException.class);
    }

    private static void fullQueueDispatch(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher =
                trial.batcher().maxBatchSize(10).maxQueueSize(2).build();
        trial.limits(3, 1); // one that finds no place may go along with the full queue that is just leaving
        for (int item = 0; item < 3; item++) {
            int own = item;
            trial.thread(() -> trial.submit(batcher, own));
        }
        trial.join();
        int ran = 0;
        for (int item = 0; item < 3; item++) {
            ran += trial.wasSeen(item) ? 1 : 0;
        }
        trial.require(ran >= 2, "A full queue did not go at once, but only with the stop");
        trial.check(batcher, QueueFullException.class);
    }
}
