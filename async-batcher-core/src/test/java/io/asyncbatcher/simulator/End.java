package io.asyncbatcher.simulator;

import io.asyncbatcher.BatcherSnapshot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The end of a run: the batcher is stopped in one way or another, and nothing of it may be left. */
final class End {

    private final World world;

    End(World world) {
        this.world = world;
    }

    void run() {
        world.calm = true;
        world.log("the end");
        world.jumped = false;
        world.time.advance(Duration.ZERO);
        world.afterEvent();
        int way = world.random.nextInt(4);
        if (way > 0) {
            CompletableFuture<Void> stopped =
                    world.callers.stop(way == 1 ? Tracked.NEVER : way == 2 ? 5_000_000_000L : Tracked.NEVER);
            world.afterEvent();
            drive(stopped, 4_000);
            world.check(
                    stopped.isDone() || excused(),
                    "1: a graceful stop ends as long as processors return",
                    () -> "open are " + world.oracle.open());
        }
        force();
        if (world.chance(2)) {
            again();
            force();
        }
        late();
    }

    /** Tasks, stages or settlements were lost by others than the engine. */
    private boolean excused() {
        return world.oracle.discarded > 0 || world.oracle.neverEnding > 0 || world.tasks.loses();
    }

    private void drive(CompletableFuture<?> end, int millis) {
        for (int i = 0; i < millis && !end.isDone(); i += 5) {
            world.tasks.runAll();
            world.processor.endAll();
            world.afterEvent();
            if (!end.isDone()) {
                world.time.advanceMillis(5);
                world.afterEvent();
            }
        }
    }

    private void force() {
        CompletableFuture<Void> stopped = world.callers.stop(0);
        world.afterEvent();
        if (!stopped.isDone()) {
            world.time.advanceMillis(5_000);
            world.afterEvent();
        }
        world.check(stopped.isDone(), "a forced stop ends at once", () -> "open are " + world.oracle.open());
        world.check(
                world.oracle.open().isEmpty(),
                "1: every accepted item is settled",
                () -> "open are " + world.oracle.open());
    }

    /** After a stop the batcher can be started, and works. */
    private void again() {
        world.callers.start();
        world.tasks.runAll();
        world.processor.endAll();
        world.afterEvent();
        if (world.oracle.running() > 0) {
            return; // what was left behind may hold every slot
        }
        int order = world.oracle.items.size();
        world.callers.submit(Tracked.NEVER);
        world.afterEvent();
        if (world.oracle.items.size() == order) {
            return;
        }
        Tracked item = world.oracle.items.get(order);
        drive(item.future, 4_000);
        world.check(
                item.future.isDone(),
                "after a stop and a start the batcher lives on",
                () -> "item " + item + " is still open");
    }

    private void late() {
        int calls = world.oracle.calls.size();
        world.tasks.runLeftOvers();
        world.processor.endAll();
        world.tasks.runCompletions();
        world.tasks.runOffloaded();
        world.afterEvent();
        world.check(
                world.oracle.calls.size() == calls, "after a stop nothing is processed", () -> "a call began after it");
        world.check(
                world.time.alarms() == 0,
                "11: no timer is left",
                () -> world.time.alarms() + " alarms are set after the end");
        BatcherSnapshot now = world.batcher.snapshot();
        world.check(now.queued() == 0 && now.inFlight() == 0, "11: nothing is left", () -> "the snapshot is " + now);
        world.check(
                now.activeBatches() + now.abandonedBatches() <= world.oracle.neverEnding + world.oracle.discarded,
                "a batch that has ended gives its slot back",
                () -> "the snapshot is " + now);
        for (Listeners.Spanned span : world.oracle.spans()) {
            world.check(span.ends <= 1, "onFinished of a batch's context is called once", () -> span.ends + " times");
        }
        for (Tracked item : world.oracle.items) {
            world.check(
                    item.settled || item.group != null || !item.accepted,
                    "1: every accepted item is settled",
                    () -> "item " + item + " is not");
        }
    }
}
