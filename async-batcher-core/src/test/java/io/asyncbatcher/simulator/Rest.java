package io.asyncbatcher.simulator;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.RateLimit;
import io.asyncbatcher.RejectionReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What may be left between two events, when no thread is in the engine: nobody waits without a reason, and counts are right. */
final class Rest {

    private static final long NEVER = Tracked.NEVER;

    private final Oracle oracle;
    private final World world;
    /** Since when a slot has been free for whoever is ready. */
    private long freeSince = NEVER;

    /** Tasks at the last look: what was handed over since may have taken a slot, and time, in between. */
    private int tasksSeen;

    Rest(Oracle oracle) {
        this.oracle = oracle;
        world = oracle.world;
    }

    void check() {
        BatcherSnapshot now = world.batcher.snapshot();
        List<Tracked> open = oracle.open();
        boolean settling = world.tasks.settling();
        counts(now, open, settling);
        slots(now, settling);
        for (var end : oracle.stops()) {
            world.check(
                    !end.isDone() || open.isEmpty() || world.batcher.isRunning(),
                    "every future is settled before a stop is",
                    () -> "open are " + open);
        }
        if (!settling && !world.jumped) {
            settled(open);
            stops(open);
        }
        if (!world.jumped) {
            kept(now, open, settling);
        }
        for (Tracked item : oracle.items) {
            world.check(
                    !item.aboutToRun || oracle.verdict().hasRun(item),
                    "mayHaveRun is true if a processor was called with the item, and only then",
                    () -> "item " + item + " has not run");
        }
        for (Together group : oracle.groups) {
            oracle.verdict().together(group);
        }
    }

    private void counts(BatcherSnapshot now, List<Tracked> open, boolean settling) {
        if (!settling) {
            world.check(
                    now.queued() + now.inFlight() == open.size(),
                    "snapshot: queued and in flight",
                    () -> now.queued() + " queued and " + now.inFlight() + " in flight, but open are " + open);
        }
        int running = 0;
        // A half that doesn't begin in time sends the others back to the queue.
        boolean mayGoBack = oracle.versions.stream().anyMatch(options -> options.batchTimeout() != null)
                || world.settings.has(Fault.EXECUTOR_REJECTS)
                || world.settings.has(Fault.EXECUTOR_THROWS);
        for (Tracked item : open) {
            if (item.call != null || (item.halving && !mayGoBack)) {
                running++;
            }
        }
        int atMost = open.size() - running;
        world.check(
                settling || now.queued() <= atMost,
                "snapshot: queued items are in no batch",
                () -> now.queued() + " queued, but at most " + atMost + " are in no batch");
        world.check(
                now.paused() == oracle.paused,
                "snapshot: paused",
                () -> "says " + now.paused() + " where it should be " + oracle.paused);
        long unclearRejections =
                oracle.items.stream().filter(item -> item.unclear).count();
        for (RejectionReason reason : RejectionReason.values()) {
            if (world.settings.has(Settings.Ability.LISTENER)) {
                int heard = oracle.rejections.getOrDefault(reason, 0);
                world.check(
                        now.rejections().get(reason) == heard,
                        "snapshot: rejections",
                        () -> "listeners heard " + heard + " times " + reason + ", it says " + now.rejections());
            } else {
                int rejected = oracle.verdict().rejections(reason);
                world.check(
                        now.rejections().get(reason) >= rejected
                                && now.rejections().get(reason) <= rejected + unclearRejections,
                        "snapshot: rejections",
                        () -> "callers were refused " + rejected + " times as " + reason + ", it says "
                                + now.rejections());
            }
        }
        if (world.settings.has(Settings.Ability.LISTENER) && !settling) {
            int accepted = 0;
            int unclear = 0;
            for (Tracked item : oracle.items) {
                if (item.accepted) {
                    accepted++;
                } else if (item.unclear || (item.failure != null && !rejectedByQueue(item))) {
                    unclear++;
                }
                oracle.verdict().heard(item);
            }
            int expected = accepted - open.size();
            int more = unclear;
            world.check(
                    oracle.settledHeard >= expected && oracle.settledHeard <= expected + more,
                    "onSettled is called exactly once an item",
                    () -> oracle.settledHeard + " times for " + expected + " items");
        }
        long dispatched =
                now.dispatches().values().stream().mapToLong(Long::longValue).sum();
        world.check(
                settling || dispatched <= oracle.tasks.size(),
                "snapshot: dispatches",
                () -> dispatched + " for " + oracle.tasks.size() + " batches handed over");
        oracle.dispatches.forEach((reason, heard) -> world.check(
                now.dispatches().get(reason) >= heard,
                "snapshot: dispatches",
                () -> "listeners heard " + heard + " times " + reason + ", it says " + now.dispatches()));
    }

    private static boolean rejectedByQueue(Tracked item) {
        return item.failure instanceof io.asyncbatcher.QueueFullException
                || item.failure instanceof io.asyncbatcher.ItemTooHeavyException
                || item.failure instanceof io.asyncbatcher.BatcherStoppedException;
    }

    private void slots(BatcherSnapshot now, boolean settling) {
        int running = oracle.running();
        int taken = now.activeBatches() + now.abandonedBatches();
        world.check(
                taken >= running,
                "4: a batch holds its slot until its processor has returned",
                () -> taken + " slots are taken, but " + running + " calls run");
        Set<Object> halving = new TreeSet<>();
        for (Tracked item : oracle.items) {
            if (item.halving) {
                halving.add(item.order);
            }
        }
        int atMost = running + world.tasks.waiting() + oracle.discarded + halving.size();
        world.check(
                settling || taken <= atMost,
                "a batch that has ended gives its slot back",
                () -> taken + " slots are taken, but " + running + " calls run, and " + world.tasks.waiting()
                        + " tasks wait");
        world.check(
                now.abandonedBatches() <= running,
                "snapshot: abandoned batches are those whose processor runs on",
                () -> now.abandonedBatches() + " are abandoned, but " + running + " calls run");
    }

    private void settled(List<Tracked> open) {
        for (Tracked item : open) {
            world.check(
                    !item.reported,
                    "streaming: a report settles its item at once",
                    () -> "item " + item + " is open, though it was reported");
            world.check(
                    item.deadline > world.now() - item.delay,
                    "timeout: an item expires when its time is over",
                    () -> "item " + item + " has not");
            if (item.call == null
                    && !item.halving
                    && !item.requeued
                    && !item.endings.isEmpty()
                    && !(oracle.everDeduplicated && world.settings.has(Settings.Ability.ISOLATES))
                    && oracle.items.stream()
                            .noneMatch(mate -> mate.batch == item.batch && (mate.halving || mate.call != null))) {
                world.broken("1: every item is settled", "item " + item + " is not, after its call has ended");
            }
            if (item.call != null) {
                timedOut(item);
            }
        }
    }

    private void timedOut(Tracked item) {
        Call call = item.call;
        long since = call.half || call.task == null ? call.begun : call.task.time;
        long longest = 0;
        for (BatcherOptions options : oracle.versions) {
            if (options.batchTimeout() == null) {
                return;
            }
            longest = Math.max(longest, options.batchTimeout().toNanos());
        }
        long bound = longest;
        world.check(
                world.now() - since < bound,
                "batchTimeout: past it the items fail",
                () -> "item " + item + " is in call " + call.number + " for " + (world.now() - since));
    }

    private void stops(List<Tracked> open) {
        boolean forced = oracle.forcedTick >= 0;
        for (Tracked item : open) {
            if (forced && oracle.mustBeForced(item)) {
                world.broken("a forced stop ends everything at once", "item " + item + " is open after it");
            }
        }
        for (var end : oracle.stops()) {
            world.check(
                    end.isDone() == oracle.end().isDone() || world.batcher.isRunning(),
                    "stop again returns the same end",
                    () -> "one has ended and another one has not");
        }
    }

    private void kept(BatcherSnapshot now, List<Tracked> open, boolean settling) {
        BatcherOptions options = oracle.options();
        boolean adaptive = options.dispatch() == DispatchMode.ADAPTIVE;
        int taken = now.activeBatches() + now.abandonedBatches();
        boolean free = adaptive ? taken == 0 : options.concurrency() < 0 || taken < options.concurrency();
        if (!free || oracle.paused || held(options)) {
            freeSince = NEVER;
            return;
        }
        if (freeSince == NEVER || tasksSeen != oracle.tasks.size()) {
            freeSince = world.now();
        }
        tasksSeen = oracle.tasks.size();
        if (settling) {
            return;
        }
        List<Tracked> candidates = new ArrayList<>();
        for (Tracked item : open) {
            if (item.call == null && !item.halving) {
                candidates.add(item);
            }
        }
        int bound = Math.max(0, candidates.size() - now.queued());
        boolean stopping = !world.batcher.isRunning();
        boolean full = options.maxQueueSize() >= 0 && now.queued() >= options.maxQueueSize();
        List<Tracked> due = new ArrayList<>();
        Map<Integer, List<Tracked>> ready = new HashMap<>();
        for (Tracked item : candidates) {
            if (oracle.verdict().readyAt(item) <= world.now()) {
                ready.computeIfAbsent(item.partition, any -> new ArrayList<>()).add(item);
                if (stopping || item.flushed || due(item, options)) {
                    due.add(item);
                }
            }
        }
        world.check(
                due.size() <= bound,
                "3: no item lingers above its bound while a slot is free",
                () -> "items " + due + " are due, " + now.queued() + " are queued, " + taken + " slots are taken");
        boolean anyDelayed =
                candidates.stream().anyMatch(item -> oracle.verdict().readyAt(item) > world.now());
        world.check(
                !full || anyDelayed || bound > 0 || candidates.isEmpty(),
                "a queue that is full dispatches at once",
                () -> "it holds " + candidates + ", and " + taken + " slots are taken");
        ready.values().forEach(items -> full(items, bound, options));
    }

    private void full(List<Tracked> items, int bound, BatcherOptions options) {
        world.check(
                options.maxBatchSize() < 0 || items.size() - bound < options.maxBatchSize(),
                "3: a full batch never waits for a timer",
                () -> items + " are a full batch");
        if (world.settings.has(Settings.Ability.WEIGHS) && options.maxBatchWeight() >= 0 && bound == 0) {
            long weight = items.stream().mapToLong(item -> item.weight).sum();
            world.check(
                    weight < options.maxBatchWeight(),
                    "3: a full batch never waits for a timer",
                    () -> items + " weigh " + weight);
        }
    }

    private boolean due(Tracked item, BatcherOptions options) {
        long linger = options.maxQueueTime().toNanos();
        return switch (options.dispatch()) {
            case NATURAL -> true;
            case FIXED -> world.now() - item.submitted - item.delay >= linger;
            case ADAPTIVE ->
                world.now() - Math.max(item.submitted + item.delay, Math.max(freeSince, item.readyAt)) >= linger;
        };
    }

    /** A rate limit, or a processor that was told to slow down, may hold everything. */
    private boolean held(BatcherOptions options) {
        if (world.now() < oracle.maybeSlowUntil) {
            return true;
        }
        RateLimit limit = options.rateLimit();
        if (limit == null) {
            return false;
        }
        int within = world.tasks.waiting();
        for (Call call : oracle.calls) {
            if (world.now() - call.begun < limit.per().toNanos()) {
                within++;
            }
        }
        for (Handed task : oracle.tasks) {
            if (task.first == null
                    && (task.discarded || world.now() - task.time < limit.per().toNanos())) {
                within++;
            }
        }
        for (Tracked item : oracle.items) {
            if (item.halving) {
                within++;
            }
        }
        return within >= limit.batches();
    }
}
