package io.asyncbatcher.schedules;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.ItemExpiredException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/** Items and batches that end in more than one way at a time, and batches that may go for more than one reason. */
final class ItemRaces {

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "cancel-dispatch",
                    "An item is cancelled while it is bound, called and settled; its batch-mate is not affected.",
                    ItemRaces::cancelDispatch),
            new Scenario(
                    "expiry-dispatch",
                    "An item's timeout ends while it is bound, called and settled.",
                    ItemRaces::expiryDispatch),
            new Scenario(
                    "batch-timeout-return",
                    "A batch's timeout ends while its processor returns; the next batch waits for the real return.",
                    ItemRaces::batchTimeoutReturn),
            new Scenario(
                    "full-batch",
                    "The items of a full batch come at the same time; nothing but the last of them lets it go.",
                    ItemRaces::fullBatch),
            new Scenario(
                    "linger-fill",
                    "The linger of a batch ends while the item comes that makes it full.",
                    ItemRaces::lingerFill),
            new Scenario(
                    "flush-submit",
                    "Two threads submit and flush: what was queued at a flush doesn't linger.",
                    ItemRaces::flushSubmit),
            new Scenario(
                    "idle-worker",
                    "An item comes exactly when a returning batch finds nothing more to do.",
                    ItemRaces::idleWorker),
            new Scenario(
                    "reconfigure-submit",
                    "The batch size is lowered while items come that are a full batch only then.",
                    ItemRaces::reconfigureSubmit),
            new Scenario(
                    "process-all",
                    "One thread waits for all of its items while another cancels one and a third stops.",
                    ItemRaces::processAll));

    private ItemRaces() {}

    private static void cancelDispatch(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher().maxBatchSize(2).build();
        trial.limits(2, 1);
        var cancelled = trial.call(batcher, 0);
        trial.thread(() -> cancelled.cancel(true));
        trial.thread(() -> {
            trial.submit(batcher, 1);
            batcher.flush();
            trial.submit(batcher, 2);
        });
        trial.join();
        batcher.flush();
        trial.check(batcher, CancellationException.class);
        Trial.demand(trial.wasSeen(1) && trial.wasSeen(2), "A neighbour of the cancelled item did not run");
    }

    private static void expiryDispatch(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher().maxBatchSize(2).build();
        trial.limits(2, 1);
        trial.thread(() -> trial.submitted(0, batcher.process(0, Duration.ofMillis(5))));
        trial.thread(() -> {
            trial.submit(batcher, 1);
            batcher.flush();
        });
        trial.check(batcher, ItemExpiredException.class);
        Trial.demand(!Objects.requireNonNull(trial.future(1)).isCompletedExceptionally(), "A neighbour failed, too");
    }

    private static void batchTimeoutReturn(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher()
                .maxBatchSize(1)
                .dispatch(DispatchMode.NATURAL)
                .batchTimeout(Duration.ofMillis(5))
                .build();
        trial.limits(1, 1);
        trial.thread(() -> trial.submit(batcher, 0));
        trial.thread(() -> trial.submit(batcher, 1));
        trial.check(batcher, BatchAbortedException.class);
    }

    private static void fullBatch(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher().maxBatchSize(2).build();
        trial.limits(2, 1);
        trial.thread(() -> {
            trial.submit(batcher, 0);
            trial.submit(batcher, 1);
        });
        trial.thread(() -> {
            trial.submit(batcher, 2);
            trial.submit(batcher, 3);
        });
        trial.join(); // also for the batches, so all have run
        for (int item = 0; item < 4; item++) {
            trial.require(trial.wasSeen(item), "A full batch waited for the stop");
        }
        trial.check(batcher);
    }

    private static void lingerFill(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher()
                .maxBatchSize(2)
                .maxQueueTime(Duration.ofMillis(5))
                .build();
        trial.limits(2, 1);
        trial.thread(() -> trial.call(batcher, 0).join());
        trial.thread(() -> {
            trial.submit(batcher, 1);
            trial.call(batcher, 2).join();
        });
        trial.check(batcher);
    }

    private static void flushSubmit(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher =
                trial.batcher().maxBatchSize(10).build();
        trial.limits(10, 1);
        for (int item = 0; item < 2; item++) {
            int own = item;
            trial.thread(() -> {
                var future = trial.call(batcher, own);
                batcher.flush();
                future.join();
            });
        }
        trial.check(batcher);
    }

    private static void idleWorker(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher =
                trial.batcher().maxBatchSize(2).dispatch(DispatchMode.NATURAL).build();
        trial.limits(2, 1);
        trial.thread(() -> {
            trial.call(batcher, 0).join();
            trial.call(batcher, 1).join();
        });
        trial.thread(() -> trial.call(batcher, 2).join());
        trial.check(batcher);
    }

    private static void reconfigureSubmit(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher().maxBatchSize(3).build();
        trial.limits(3, 2);
        trial.thread(() -> trial.call(batcher, 0).join());
        trial.thread(() -> trial.call(batcher, 1).join());
        trial.thread(
                () -> batcher.reconfigure(options -> options.withMaxBatchSize(1).withConcurrency(2)));
        trial.check(batcher);
    }

    private static void processAll(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.batcher().maxBatchSize(2).build();
        trial.limits(2, 1);
        var single = trial.call(batcher, 0);
        trial.thread(() -> {
            var all = trial.submitAll(batcher, List.of(1, 2));
            batcher.flush();
            boolean succeeded =
                    all.handle((results, failure) -> failure == null).join();
            trial.require(
                    !succeeded || all.join().equals(Trial.results(List.of(1, 2))), "A wrong result of processAll");
            trial.require(!succeeded || (trial.wasSeen(1) && trial.wasSeen(2)), "A result without a run");
        });
        trial.thread(() -> single.cancel(false));
        trial.thread(() -> trial.awaitStop(batcher.stop(false)));
        trial.check(batcher, CancellationException.class, BatcherStoppedException.class);
    }
}
