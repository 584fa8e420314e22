package io.asyncbatcher.simulator;

import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.OverflowPolicy;
import io.asyncbatcher.RejectionReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * What has happened in a run, as callers and user code saw it. Written from the design alone: {@link CallRules} say what a
 * call may look like, {@link Verdict} how an item may end, {@link Rest} what may be left to do between two events.
 */
final class Oracle {

    final World world;
    final List<Tracked> items = new ArrayList<>();
    final List<Together> groups = new ArrayList<>();
    final List<Handed> tasks = new ArrayList<>();
    final List<Call> calls = new ArrayList<>();
    /** The options that have been in force, and since which event. */
    final List<BatcherOptions> versions = new ArrayList<>();

    final Map<RejectionReason, Integer> rejections = new EnumMap<>(RejectionReason.class);
    final Map<DispatchReason, Integer> dispatches = new EnumMap<>(DispatchReason.class);

    int discarded;
    int neverEnding;
    boolean everDeduplicated;
    boolean everShed;
    boolean paused;
    long slowUntil = Long.MIN_VALUE;
    long maybeSlowUntil = Long.MIN_VALUE;
    int slowEvent;
    /** An item that was submitted before this tick may have been ended by a forced stop. */
    int forcedTick = -1;

    long graceEnd = Tracked.NEVER;
    int graceTick;
    int settledHeard;
    int finishedHeard;
    int starts;
    int rateTick;

    private final CallRules rules;
    private final Verdict verdict;
    private final Rest rest;
    private final List<Tracked> outer = new ArrayList<>();
    private final Deque<Deque<Tracked>> submitting = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> stops = new ArrayList<>();
    private final List<Listeners.Spanned> spans = new ArrayList<>();
    int versionOfEvent;
    private int pausedSince = Integer.MAX_VALUE;
    int event;

    Oracle(World world) {
        this.world = world;
        rules = new CallRules(this);
        verdict = new Verdict(this);
        rest = new Rest(this);
        versions.add(world.settings.options());
        everDeduplicated = world.settings.options().deduplicate();
        everShed = world.settings.options().shedLoad();
    }

    // What callers do.

    BatcherOptions options() {
        return versions.get(versions.size() - 1);
    }

    List<Tracked> open() {
        List<Tracked> open = new ArrayList<>();
        for (Tracked item : items) {
            if (item.open()) {
                open.add(item);
            }
        }
        return open;
    }

    <V> Optional<V> any(List<V> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(world.random.nextInt(values.size())));
    }

    /** Call before an item is submitted. */
    void submits(List<Tracked> some) {
        outer.forEach(item -> item.disturbed = true);
        outer.addAll(some);
        submitting.push(new ArrayDeque<>(some));
    }

    /** The item whose submission listeners hear of. */
    Tracked submitting() {
        lastOffered = submitting.isEmpty() ? null : submitting.peek().poll();
        return lastOffered;
    }

    void submitted(Tracked item, long timeout, BatcherSnapshot before, boolean undisturbed) {
        submitting.pop();
        outer.remove(item);
        item.acceptedTick = world.tick;
        item.delay = world.now() - item.submitted;
        if (item.called) {
            item.accepted = true;
            return;
        }
        Throwable failure = Verdict.failure(item.future);
        if (failure == null) {
            item.accepted = true;
            world.check(
                    before == null || !undisturbed || world.batcher.options() == null || before.running(),
                    "submitted after stop: refused",
                    () -> "item " + item + " is accepted by a stopped batcher");
            world.check(timeout > 0, "timeout of zero or less fails at once", () -> "item " + item + " is accepted");
            world.check(
                    before == null
                            || !undisturbed
                            || options().maxQueueSize() < 0
                            || options().overflow() == OverflowPolicy.BLOCK
                            || options().shedLoad() // by which others may have made room
                            || before.queued() < options().maxQueueSize(),
                    "6: bounded by default",
                    () -> "item " + item + " is accepted by a queue of " + before.queued());
            return;
        }
        verdict.submittedAndDone(item, timeout, failure, before, undisturbed);
    }

    void submitted(Together group) {
        submitting.pop();
        outer.removeAll(group.members);
        groups.add(group);
        for (Tracked member : group.members) {
            member.accepted = !member.rejected;
            member.acceptedTick = world.tick;
            member.delay = world.now() - member.submitted;
        }
    }

    void endsByCaller(Tracked item) {
        if (item.open()) {
            world.tick++;
            item.heardBeforeCaller = item.heard > 0 || !item.endings.isEmpty() || world.depth() > 0;
        }
    }

    void settled(Tracked item, Answer value, Throwable failure) {
        verdict.settled(item, value, failure);
    }

    /** Items of the same call that wait for their results, too. */
    List<Tracked> matesOf(Tracked item) {
        List<Tracked> mates = new ArrayList<>();
        for (Tracked mate : items) {
            if (mate != item
                    && mate.open()
                    && mate.future != null
                    && !mate.endings.isEmpty()
                    && !item.endings.isEmpty()
                    && mate.call == null) {
                mates.add(mate);
            }
        }
        return mates;
    }

    void flushed() {
        if (!paused) {
            for (Tracked item : items) {
                item.flushed |= item.open() && item.call == null && item.readyAt <= world.now();
            }
        }
    }

    void paused(boolean now) {
        paused = now;
        pausedSince = now ? event : Integer.MAX_VALUE;
    }

    void reconfigures(BatcherOptions options) {
        if (!Objects.equals(options.rateLimit(), options().rateLimit())) {
            rateTick = world.tick;
        }
        versions.add(options);
        everDeduplicated |= options.deduplicate();
        everShed |= options.shedLoad();
        world.tick++;
    }

    void stopping(long grace) {
        paused(false);
        world.tick++;
        if (grace <= 0) {
            forcedTick = world.tick;
        } else if (grace != Long.MAX_VALUE) {
            graceEnd = Math.min(graceEnd, world.now() + grace);
            graceTick = world.tick;
        }
    }

    void stopped(CompletableFuture<Void> end, boolean undisturbed) {
        stops.add(end);
        if (world.depth() == 0 && undisturbed) {
            world.check(!world.batcher.isRunning(), "isRunning is false once a stop was called", () -> "it is running");
        }
    }

    /** The end of the last stop that was called; null = none since the start. */
    CompletableFuture<Void> end() {
        return stops.isEmpty() ? null : stops.get(stops.size() - 1);
    }

    List<CompletableFuture<Void>> stops() {
        return stops;
    }

    boolean stopping() {
        return !world.batcher.isRunning() && stops.stream().anyMatch(end -> !end.isDone());
    }

    void started() {
        starts++;
        if (!stopping()) {
            stops.removeIf(CompletableFuture::isDone);
            if (world.now() >= graceEnd) {
                forcedTick = world.tick;
            }
            graceEnd = Tracked.NEVER;
        }
        world.tick++;
    }

    /** Whether a forced stop, or the end of a grace, came after an item was submitted. */
    boolean mustBeForced(Tracked item) {
        return forcedTick > item.acceptedTick || (item.acceptedTick < graceTick && world.now() >= graceEnd);
    }

    /** Whether one may have. */
    boolean forced(Tracked item) {
        return forcedTick >= item.tick || world.now() >= graceEnd;
    }

    // What executors and the processor see.

    Handed handed() {
        world.tick++;
        int bound = world.settings.has(Fault.OFFLOADED_LATE) ? 0 : versionOfEvent;
        Handed handed = new Handed(tasks.size(), world.tick, event, world.now(), bound);
        tasks.add(handed);
        world.check(
                pausedSince >= event
                        || world.settings.has(Fault.OFFLOADED_LATE)
                        || items.stream().anyMatch(item -> item.halving),
                "pause: accepts, but dispatches nothing",
                () -> "task " + handed.number + " is handed over while paused");
        return handed;
    }

    Call begins(List<Thing> batch, boolean outermost) {
        world.tick++;
        Handed task = world.tasks.current();
        List<Tracked> its = new ArrayList<>(batch.size());
        for (Thing thing : batch) {
            its.add(thing.tracked);
        }
        Call batchOf = its.isEmpty() ? null : its.get(0).batch;
        boolean half = its.stream().allMatch(item -> item.halving && item.batch == batchOf);
        if (!half && task != null && (task.first != null || task.outer)) {
            task = null; // an inline executor's task was put off by the engine, or it rejected, and one can't tell
            // which
        }
        Call call = new Call(calls.size(), world.tick, its, task, world.now(), half);
        world.log("call " + call.number + " with " + its);
        rules.check(call, outermost);
        calls.add(call);
        if (half) {
            rules.halves(its.get(0).batch);
        }
        if (task != null) {
            if (task.first == null) {
                task.first = call;
            }
        }
        for (Tracked item : its) {
            item.called = true;
            item.accepted = true;
            item.batch = half ? item.batch : call;
            item.call = call;
            item.halving = false;
            item.requeued = false;
            item.flushed = false;
            item.endings = List.of();
        }
        return call;
    }

    /** The call gives its slot back, or goes on with smaller ones. */
    void returns(Call call) {
        world.tick++;
        call.running = false;
        for (Tracked item : call.items) {
            if (item.call == call) {
                item.call = null;
            }
        }
    }

    int running() {
        int running = 0;
        for (Call call : calls) {
            if (call.running) {
                running++;
            }
        }
        return running;
    }

    /** No options so far have allowed a second slot. */
    boolean oneSlotOnly() {
        return versions.stream().allMatch(options -> options.concurrency() == 1);
    }

    void slow(long nanos) {}

    /** A streaming call reports how an item ends while it goes on. */
    void reports(Call call, Tracked item, Ending ending) {
        ends(call, item, ending);
        item.reported = true;
        item.reportedInTime = item.open() && !forced(item) && !verdict.timedOut(item) && verdict.exact(item);
    }

    void ends(Call call, Tracked item, Ending ending) {
        if (item.call == call && !item.reported) {
            item.endings = List.of(ending);
            item.history.add(ending);
        }
    }

    void answers(Call call, List<Answer> answers) {
        for (int i = 0; i < answers.size(); i++) {
            ends(call, call.items.get(i), new Ending(Ending.Kind.ANSWER, answers.get(i)));
        }
    }

    void breaksContract(Call call) {
        for (Tracked item : call.items) {
            ends(call, item, new Ending(Ending.Kind.CONTRACT, null));
        }
    }

    void aborts(Call call, Throwable cause) {
        for (Tracked item : call.items) {
            ends(call, item, new Ending(Ending.Kind.ABORTED, cause));
        }
    }

    void fails(Call call, Throwable failure, boolean mayBeIsolated) {
        boolean halves = mayBeIsolated
                && world.settings.has(Settings.Ability.ISOLATES)
                && Processor.isolated(failure)
                && call.items.stream().filter(item -> !item.reported).count() > 1;
        boolean mayHalve = mayBeIsolated
                && world.settings.has(Settings.Ability.ISOLATES)
                && Processor.isolated(failure)
                && !verdict.exact(call.items.get(0));
        for (Tracked item : call.items) {
            if (item.reported) {
                continue;
            }
            if (halves && item.call == call) {
                item.halving = true;
            } else {
                item.halving |= mayHalve;
                ends(call, item, new Ending(Ending.Kind.FAILURE, failure));
            }
        }
    }

    void predicateThrew(Throwable failure, Throwable thrown) {
        for (Tracked item : items) {
            boolean fails = !item.endings.isEmpty() && item.endings.get(0).what() == failure;
            if (item.halving || fails) {
                List<Ending> both = new ArrayList<>(item.endings);
                both.add(new Ending(Ending.Kind.FAILURE, failure));
                both.add(new Ending(Ending.Kind.FAILURE, thrown));
                item.endings = both;
                item.history.addAll(both);
            }
        }
    }

    void rateLimited(Call call, long after) {
        if (call.items.stream()
                .anyMatch(item -> item.open()
                        && item.future != null
                        && !forced(item)
                        && !verdict.timedOut(item))) { // else nobody listens any more
            slowEvent = event;
            slowUntil = Math.max(slowUntil, world.now() + Math.max(1_000_000, after));
        }
        long listening = world.settings.has(Fault.LISTENER_REENTERS) ? 100_000_000 : 0; // from the return on
        maybeSlowUntil = Math.max(maybeSlowUntil, world.now() + listening + Math.max(1_000_000, after));
        for (Tracked item : items) {
            boolean in = item.call == call;
            boolean waits = call.half && item.halving && item.batch == call.items.get(0).batch;
            if (item.open() && !item.reported && (in || waits)) {
                item.requeued = true;
                item.halving = false;
            }
        }
    }

    void retries(Call call, Tracked item, Throwable cause, long after) {
        item.tries++;
        int least =
                versions.stream().mapToInt(BatcherOptions::maxAttempts).min().orElseThrow();
        int most = versions.stream().mapToInt(BatcherOptions::maxAttempts).max().orElseThrow();
        if (item.tries >= least || !verdict.exact(item)) {
            ends(call, item, new Ending(Ending.Kind.FAILURE, cause));
        }
        if (item.call == call) { // a merged one may have tries left where this one has none
            item.requeued = item.open() && item.tries < most;
            item.readyAt = world.now() + Math.max(1_000_000, after);
        }
    }

    // What listeners hear.

    void heardRejected(RejectionReason reason) {
        rejections.merge(reason, 1, Integer::sum);
        if (lastOffered != null && lastOffered.group != null && !lastOffered.accepted) {
            lastOffered.rejected = true;
        }
    }

    private Tracked lastOffered;

    void heardDispatched(DispatchReason reason, long[] queueNanos) {
        dispatches.merge(reason, 1, Integer::sum);
        for (long nanos : queueNanos) {
            world.check(nanos >= 0, "onDispatched: queue times", () -> "one is " + nanos);
        }
        int most = rules.mostItems(0);
        world.check(
                most < 0 || queueNanos.length <= most,
                "a batch is within maxBatchSize",
                () -> queueNanos.length + " callers' items in a batch");
    }

    void heardFinished(BatchOutcome outcome, int size, long durationNanos) {
        finishedHeard++;
        world.check(durationNanos >= 0, "onFinished: duration", () -> "is " + durationNanos);
    }

    void heardBatch(Listeners.Spanned span, int size, int callers) {
        spans.add(span);
        world.check(callers <= size, "onBatch: callers", () -> callers + " callers of " + size);
    }

    void heardSettled(Tracked item, ItemOutcome outcome, long latencyNanos) {
        settledHeard++;
        world.check(latencyNanos >= 0, "onSettled: latency", () -> "is " + latencyNanos);
        if (item != null) {
            item.heard++;
            item.outcome = outcome;
            world.log("heard of " + item + ": " + outcome);
            world.check(item.heard == 1, "onSettled is called exactly once an item", () -> "twice for item " + item);
            world.check(
                    latencyNanos == world.now() - item.submitted
                            || world.jumped
                            || latencyNanos <= world.now() - item.submitted,
                    "onSettled: the time since its submission",
                    () -> "it is " + latencyNanos + " for item " + item);
        }
    }

    List<Listeners.Spanned> spans() {
        return Collections.unmodifiableList(spans);
    }

    // Between events.

    void atRest() {
        event++;
        versionOfEvent = versions.size() - 1;
        verdict.poll();
        rest.check();
    }

    Verdict verdict() {
        return verdict;
    }

    static <V> V now(CompletableFuture<V> future) throws ExecutionException {
        try {
            return future.get(0, TimeUnit.SECONDS);
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    void forget() {
        items.forEach(item -> {
            item.thing = null;
            item.future = null;
            item.value = null;
            item.endings = List.of();
            item.history.clear();
            item.group = null;
        });
        items.clear();
        groups.clear();
        tasks.clear();
        calls.clear();
        submitting.clear();
        outer.clear();
        stops.clear();
        spans.clear();
        lastOffered = null;
    }
}
