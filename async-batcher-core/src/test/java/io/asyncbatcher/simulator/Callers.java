package io.asyncbatcher.simulator;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.OverflowPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** What the callers of a {@link World}'s batcher do, step by step. */
final class Callers {

    private final World world;

    Callers(World world) {
        this.world = world;
    }

    void act(Step step) {
        if (world.depth() == 0 && !world.batcher.isRunning() && step != Step.STOP_FORCED && world.chance(3)) {
            start();
        }
        switch (step) {
            case SUBMIT -> submit(Tracked.NEVER);
            case SUBMIT_MANY -> {
                for (int i = 2 + world.random.nextInt(5); i > 0; i--) {
                    submit(Tracked.NEVER);
                }
            }
            case SUBMIT_WITH_TIMEOUT -> submit(world.random.nextInt(30) * 1_000_000L - 1_000_000L + 137);
            case SUBMIT_ALL -> submitAll();
            case ADVANCE -> advance();
            case RUN_TASK -> world.tasks.runAny();
            case END_STAGE -> world.processor.endAny();
            case RUN_COMPLETION -> world.tasks.runAnyCompletion();
            case CANCEL -> world.oracle.any(world.oracle.open()).ifPresent(this::cancel);
            case COMPLETE -> world.oracle.any(world.oracle.open()).ifPresent(this::complete);
            case CANCEL_ALL -> cancelAll();
            case FLUSH -> {
                world.log("flush");
                world.oracle.flushed();
                world.batcher.flush();
            }
            case PAUSE -> {
                if (world.batcher.isRunning()) {
                    world.log("pause");
                    world.oracle.paused(true);
                    world.batcher.pause();
                }
            }
            case RESUME -> {
                world.log("resume");
                world.oracle.paused(false);
                world.batcher.resume();
            }
            case RECONFIGURE -> reconfigure();
            case STOP_FORCED -> {
                if (world.chance(2)) {
                    stop(0);
                }
            }
            case STOP_GRACEFULLY -> {
                if (world.chance(2)) {
                    stop(Long.MAX_VALUE);
                }
            }
            case STOP_WITHIN_GRACE -> {
                if (world.chance(2)) {
                    stop(world.random.nextInt(20) * 1_000_000L + 731);
                }
            }
            case START -> start();
            case CLOSE -> {
                if (world.processor.onThisThread()) {
                    world.log("close");
                    world.oracle.stopping(Long.MAX_VALUE);
                    int starts = world.oracle.starts;
                    world.batcher.close();
                    if (world.oracle.starts == starts) {
                        world.oracle.stopped(world.batcher.stop(false), false);
                    }
                }
            }
            case CHANGE_LISTENERS -> world.listeners.change();
        }
    }

    void submit(long timeout) {
        if (world.settings.options().overflow() == OverflowPolicy.BLOCK
                || world.batcher.options().overflow() == OverflowPolicy.BLOCK) {
            if (!mayBlockHere()) {
                return;
            }
        }
        Tracked item = newItem(timeout);
        BatcherSnapshot before = world.depth() == 0 ? world.batcher.snapshot() : null;
        int events = world.tick;
        world.log("submit " + item.order + (timeout == Tracked.NEVER ? "" : " for " + timeout) + describe(item));
        world.oracle.submits(List.of(item));
        item.future = timeout == Tracked.NEVER
                ? world.batcher.process(item.thing)
                : world.batcher.process(item.thing, Duration.ofNanos(timeout));
        world.oracle.submitted(item, timeout, before, events == world.tick && !world.jumped);
        react(item);
    }

    private String describe(Tracked item) {
        return world.isTraced()
                ? " (kind " + item.kind + ", partition " + item.partition + ", weight " + item.weight + ", level "
                        + item.level + (item.poison ? ", poison" : "") + ")"
                : "";
    }

    /** A thread that would wait for a place would wait forever: nobody else moves the time. */
    private boolean mayBlockHere() {
        BatcherOptions options = world.batcher.options();
        return options.maxBlockTime().isZero()
                || world.processor.onThisThread()
                || options.maxQueueSize() < 0
                || !world.batcher.isRunning()
                || world.batcher.snapshot().queued() < options.maxQueueSize();
    }

    private Tracked newItem(long timeout) {
        int order = world.oracle.items.size();
        int kind = world.settings.kinds() == 0 ? 1000 + order : world.random.nextInt(world.settings.kinds());
        long weight = world.settings.has(Settings.Ability.WEIGHS) && world.fails(Fault.WEIGHER_NEGATIVE, 10)
                ? -1 - world.random.nextInt(3)
                : 1 + world.random.nextInt(5);
        long deadline = timeout == Tracked.NEVER ? Tracked.NEVER : world.now() + timeout;
        Tracked item = new Tracked(
                order,
                kind,
                world.settings.has(Settings.Ability.PARTITIONS) ? world.random.nextInt(world.settings.partitions()) : 0,
                weight,
                level(),
                world.fails(Fault.POISON_ITEMS, 6),
                world.now(),
                deadline,
                ++world.tick);
        item.thing = new Thing(item, world, world.fails(Fault.ITEMS_THROW, 8));
        world.oracle.items.add(item);
        return item;
    }

    private int level() {
        if (!world.settings.has(Settings.Ability.PRIORITIES)) {
            return 0;
        }
        return world.fails(Fault.PRIORITIZER_OUT_OF_RANGE, 10)
                ? Settings.pick(world.random, -1, 10, Integer.MAX_VALUE, Integer.MIN_VALUE)
                : Settings.pick(world.random, 0, 0, 1, 2, 5, 9);
    }

    private void react(Tracked item) {
        if (world.settings.has(Settings.Ability.CONTINUATIONS) || world.chance(3)) {
            item.future.whenComplete((value, failure) -> {
                world.oracle.settled(item, value, failure);
                world.userCode("a continuation", Fault.CONTINUATION_REENTERS, 4);
                if (world.fails(Fault.CONTINUATION_WAITS_FOR_MATE, 4) && world.depth() < World.DEPTH) {
                    waitForMate(item);
                }
                if (world.fails(Fault.CONTINUATION_THROWS, 3)) {
                    throw new Planted.Failure("continuation");
                }
            });
        }
    }

    private void waitForMate(Tracked item) {
        List<Tracked> mates = world.oracle.matesOf(item);
        if (!mates.isEmpty() && !world.tasks.loses()) {
            Tracked mate = mates.get(world.random.nextInt(mates.size()));
            world.log("continuation of " + item + " waits for " + mate);
            world.await(mate.future, 2_000);
            world.check(
                    mate.future.isDone(),
                    "a thread that settles and doesn't come back hands the rest to another",
                    () -> "item " + mate + " isn't settled while a continuation of " + item + " waits for it");
        }
    }

    private void submitAll() {
        boolean identified = world.settings.has(Settings.Ability.CONTEXTS)
                && world.settings.has(Settings.Ability.LISTENER)
                && !world.settings.has(Fault.LISTENER_THROWS)
                && !world.settings.has(Fault.ITEMS_THROW)
                && !world.settings.has(Fault.WEIGHER_NEGATIVE)
                && !world.settings.has(Fault.WEIGHER_THROWS)
                && !world.settings.has(Fault.PARTITIONER_THROWS)
                && !world.settings.has(Fault.PARTITIONER_NULL)
                && !world.settings.has(Fault.KEYS_THROW)
                && !world.settings.has(Fault.LISTENER_REENTERS)
                && !world.settings.has(Fault.WEIGHER_REENTERS)
                && !world.settings.has(Fault.PARTITIONER_REENTERS)
                && !world.settings.has(Fault.PRIORITIZER_THROWS)
                && !world.settings.has(Fault.PRIORITIZER_OUT_OF_RANGE)
                && !world.settings.has(Fault.PRIORITIZER_REENTERS)
                && world.depth() == 0;
        if (!identified || world.batcher.options().overflow() == OverflowPolicy.BLOCK) {
            return;
        }
        List<Tracked> members = new ArrayList<>();
        for (int i = world.random.nextInt(5); i > 0; i--) {
            members.add(newItem(Tracked.NEVER));
        }
        world.log("submit together " + members);
        Together group = new Together(members);
        members.forEach(member -> member.group = group);
        world.oracle.submits(members);
        group.future = world.batcher.processAll(
                members.stream().map(member -> member.thing).toList());
        world.oracle.submitted(group);
    }

    private void cancelAll() {
        List<Together> groups = world.oracle.groups.stream()
                .filter(group -> !group.future.isDone())
                .toList();
        if (!groups.isEmpty()) {
            Together group = groups.get(world.random.nextInt(groups.size()));
            world.log("cancel together " + group.members);
            group.members.stream().filter(Tracked::open).forEach(member -> member.callersWins++);
            group.cancelled = true;
            group.future.cancel(true);
        }
    }

    private void cancel(Tracked item) {
        if (item.future != null) {
            world.log("cancel " + item);
            endByCaller(item, () -> item.future.cancel(true));
        }
    }

    private void complete(Tracked item) {
        if (item.future != null) {
            world.log("complete " + item);
            boolean result = world.chance(2);
            endByCaller(
                    item,
                    () -> result
                            ? item.future.complete(null)
                            : item.future.completeExceptionally(new Planted.Failure("by caller")));
        }
    }

    private void endByCaller(Tracked item, BooleanSupplier end) {
        world.oracle.endsByCaller(item);
        item.callersEnds++;
        boolean won = end.getAsBoolean();
        item.callersEnds--;
        if (won) {
            item.settledTick = Math.min(item.settledTick, ++world.tick);
            item.callersWins++;
        }
        world.check(
                won || item.future.isDone(),
                "a caller may end its own future",
                () -> "item " + item + " is open after its caller ended it");
    }

    private void advance() {
        long span = (1 + world.random.nextInt(world.chance(4) ? 60 : 12)) * 500_000L;
        if (world.fails(Fault.CLOCK_JUMPS, 6)) {
            world.log("the clock jumps by " + span);
            world.time.skip(Duration.ofNanos(span));
            world.jumped = true;
            return;
        }
        world.log("advance by " + span);
        if (world.depth() > 0) {
            world.time.advance(Duration.ofNanos(span));
            return;
        }
        world.jumped = false;
        for (long passed = 0; passed < span; passed += world.settings.quantumNanos()) {
            world.time.advance(Duration.ofNanos(Math.min(world.settings.quantumNanos(), span - passed)));
            world.afterEvent();
        }
    }

    private void reconfigure() {
        BatcherOptions options = world.settings.change(world.batcher.options(), world.random);
        world.log("reconfigure to " + options);
        world.oracle.reconfigures(options);
        int before = world.tick;
        world.batcher.reconfigure(old -> options);
        world.check(
                world.depth() > 0
                        || world.tick > before
                        || world.batcher.options().equals(options),
                "reconfigure: the options are in force",
                () -> world.batcher.options().toString());
    }

    CompletableFuture<Void> stop(long grace) {
        world.log(grace == 0 ? "stop by force" : grace == Long.MAX_VALUE ? "stop" : "stop within " + grace);
        world.oracle.stopping(grace);
        int before = world.tick;
        int starts = world.oracle.starts;
        CompletableFuture<Void> end = grace == 0
                ? world.batcher.stop(true)
                : grace == Long.MAX_VALUE ? world.batcher.stop(false) : world.batcher.stop(Duration.ofNanos(grace));
        if (world.oracle.starts == starts) {
            world.oracle.stopped(end, world.tick == before);
        }
        return end;
    }

    void start() {
        world.log("start");
        boolean stopping = world.oracle.stopping();
        int before = world.tick;
        try {
            world.batcher.start();
            world.check(world.depth() > 0 || !stopping, "start while stopping throws", () -> "it didn't");
            world.check(
                    world.depth() > 0 || world.tick > before || world.batcher.isRunning(),
                    "start makes it run",
                    () -> "it doesn't");
            world.oracle.started();
        } catch (IllegalStateException rejected) {
            world.check(world.depth() > 0 || stopping, "start after a stop starts", () -> "it throws " + rejected);
        }
    }
}
