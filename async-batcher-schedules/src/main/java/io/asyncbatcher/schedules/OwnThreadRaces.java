package io.asyncbatcher.schedules;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.DispatchMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Batchers on threads and the timer of their own: slots kept for a thread, results held back, the look of the watch. */
final class OwnThreadRaces {

    private static final int MANY = 10;

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "own-idle-worker",
                    "An item comes exactly when a thread of our own finds nothing more to do.",
                    Scenario.QUICK_STEP,
                    OwnThreadRaces::idleWorker),
            new Scenario(
                    "kept-slot",
                    "A slot is kept for the thread that settles while others submit.",
                    Scenario.QUICK_STEP,
                    OwnThreadRaces::keptSlot),
            new Scenario(
                    "kept-slot-stall",
                    "A thread for which a slot is kept waits in a continuation for what is queued behind it.",
                    Scenario.QUICK_STEP,
                    OwnThreadRaces::keptSlotStall),
            new Scenario(
                    "held-back",
                    "Results of several quick batches are held back while the first continuation waits for the last.",
                    Scenario.QUICK_STEP,
                    OwnThreadRaces::heldBack),
            new Scenario(
                    "held-back-stop",
                    "A forced stop comes while results of several quick batches are held back.",
                    Scenario.QUICK_STEP,
                    OwnThreadRaces::heldBackStop),
            new Scenario(
                    "watch-look",
                    "The watch looks, and hands settling on, while the settling thread only was slow.",
                    Scenario.SLOW_STEP,
                    OwnThreadRaces::watchLook),
            new Scenario(
                    "two-batchers",
                    "Two batchers call each other from their processors, and wait.",
                    OwnThreadRaces::twoBatchers),
            new Scenario(
                    "own-graceful-stop",
                    "A graceful stop comes while threads of our own begin and end.",
                    OwnThreadRaces::gracefulStop));

    private OwnThreadRaces() {}

    private static AsyncBatcher.Builder<Integer, Integer> ones(Trial trial) {
        trial.limits(1, 1);
        return trial.ownBatcher().maxBatchSize(1).dispatch(DispatchMode.NATURAL);
    }

    private static void idleWorker(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = ones(trial).build();
        trial.thread(() -> {
            trial.call(batcher, 0).join();
            trial.call(batcher, 1).join();
        });
        trial.thread(() -> trial.call(batcher, 2).join());
        trial.check(batcher);
    }

    private static void keptSlot(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = ones(trial).build();
        trial.thread(() -> {
            var continued = trial.call(batcher, 0).thenRun(() -> trial.submit(batcher, 1));
            trial.call(batcher, 2).join();
            continued.join();
        });
        trial.thread(() -> trial.call(batcher, 3).thenRun(trial::step).join());
        trial.check(batcher);
    }

    private static void keptSlotStall(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = ones(trial).build();
        batcher.pause();
        CompletableFuture<Integer> first = trial.call(batcher, 0);
        CompletableFuture<Integer> second = trial.call(batcher, 1);
        CompletableFuture<Integer> stalled = first.thenApply(result -> result + second.join());
        trial.thread(batcher::resume);
        trial.thread(() -> trial.call(batcher, 2).join());
        trial.require(stalled.join() == Trial.result(0) + Trial.result(1), "A neighbour's result");
        trial.check(batcher);
    }

    private static void heldBack(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = ones(trial).build();
        batcher.pause();
        CompletableFuture<?>[] continued = submitMany(trial, batcher);
        CompletableFuture<Integer> last = trial.call(batcher, MANY);
        continued[0] = first(trial).thenApply(result -> last.join());
        trial.thread(batcher::resume);
        trial.thread(() -> trial.call(batcher, MANY + 1).join());
        CompletableFuture.allOf(continued).join();
        trial.check(batcher);
    }

    private static void heldBackStop(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = ones(trial).build();
        batcher.pause();
        CompletableFuture<?>[] continued = submitMany(trial, batcher);
        trial.thread(batcher::resume);
        trial.thread(() -> trial.awaitStop(batcher.stop(true)));
        trial.check(batcher, BatcherStoppedException.class, BatchAbortedException.class);
        CompletableFuture.allOf(continued).handle((all, failure) -> true).join(); // none is lost
    }

    /** Enough for results to be held back, each with a continuation. */
    private static CompletableFuture<?>[] submitMany(Trial trial, AsyncBatcher<Integer, Integer> batcher) {
        CompletableFuture<?>[] continued = new CompletableFuture<?>[MANY];
        for (int item = 0; item < MANY; item++) {
            continued[item] = trial.call(batcher, item).thenApply(result -> result);
        }
        return continued;
    }

    private static CompletableFuture<Integer> first(Trial trial) {
        CompletableFuture<Integer> first = trial.future(0);
        if (first == null) {
            throw new IllegalStateException("Nothing was submitted");
        }
        return first;
    }

    private static void watchLook(Trial trial) throws InterruptedException {
        CompletableFuture<?>[] continued = new CompletableFuture<?>[3];
        AsyncBatcher<Integer, Integer> batcher =
                trial.ownBatcher().maxBatchSize(continued.length).build();
        trial.limits(continued.length, 1);
        for (int item = 0; item < continued.length; item++) {
            continued[item] = trial.call(batcher, item).thenRun(() -> {
                for (int i = 0; i < 5; i++) {
                    trial.step();
                }
            });
        }
        CompletableFuture.allOf(continued).join();
        trial.check(batcher);
    }

    private static void twoBatchers(Trial trial) throws InterruptedException {
        List<AsyncBatcher<Integer, Integer>> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            both.add(AsyncBatcher.<Integer, Integer>builder(items -> items.stream()
                            .map(item -> item == 0
                                    ? 0
                                    : both.get(other).process(item - 1).join() + 1)
                            .toList())
                    .maxBatchSize(2)
                    .concurrency(-1)
                    .dispatch(DispatchMode.NATURAL)
                    .build());
        }
        CompletableFuture<?>[] results = new CompletableFuture<?>[2];
        for (int i = 0; i < 2; i++) {
            int own = i;
            trial.thread(() -> results[own] = both.get(own).process(2));
        }
        trial.join();
        for (CompletableFuture<?> result : results) {
            trial.require(result.join().equals(2), "A wrong result");
        }
        both.forEach(batcher -> trial.awaitStop(batcher.stop(false)));
        trial.checkItems(Set.of());
    }

    private static void gracefulStop(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher =
                trial.ownBatcher().maxBatchSize(2).concurrency(2).build();
        trial.limits(2, 2);
        trial.thread(() -> {
            trial.submit(batcher, 0);
            trial.submit(batcher, 1);
        });
        trial.thread(() -> trial.submit(batcher, 2));
        trial.thread(() -> trial.awaitStop(batcher.stop(false)));
        trial.check(batcher, BatcherStoppedException.class);
    }
}
