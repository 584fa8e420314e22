package io.asyncbatcher.simulator;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.OverflowPolicy;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One run: a batcher, the user code around it, and what happens to both. One thread moves everything; where another one is
 * wanted, this one waits for it. User code may do what callers do, to some depth.
 */
final class World {

    private static final int DEPTH = 3;

    final Settings settings;
    final VirtualTime time = new VirtualTime();
    final long start = time.nanoTime();
    final Oracle oracle;
    final Processor processor;
    final Tasks tasks;
    final AsyncBatcher<Thing, Answer> batcher;

    private final Plan plan;
    private final boolean traced;
    private final StringBuilder trace = new StringBuilder();
    private final Listeners listeners;
    private final List<Runnable> reactions = new ArrayList<>();

    SplittableRandom random = new SplittableRandom(0);
    /** User code behaves, and nothing new happens by itself. */
    boolean calm;
    /** The clock has jumped, and what was to ring meanwhile has not. */
    boolean jumped;

    int tick;
    private int depth;
    private int budget;
    private Violation violation;

    World(Plan plan, boolean traced) {
        this.plan = plan;
        this.traced = traced;
        settings = plan.settings();
        oracle = new Oracle(this);
        processor = new Processor(this);
        tasks = new Tasks(this);
        listeners = new Listeners(this);
        AsyncBatcher.Builder<Thing, Answer> builder = processor
                .builder()
                .options(settings.options())
                .time(tasks.time())
                .executor(tasks::execute);
        if (settings.has(Settings.Ability.COMPLETION_EXECUTOR)) {
            builder.completionExecutor(tasks::complete);
        }
        if (settings.has(Settings.Ability.LISTENER)) {
            builder.listener(listeners.first());
        }
        if (settings.has(Settings.Ability.WEIGHS)) {
            builder.maxBatchWeight(settings.options().maxBatchWeight(), this::weigh);
        }
        if (settings.has(Settings.Ability.PARTITIONS)) {
            builder.partitionBy(this::partition);
        }
        if (settings.has(Settings.Ability.ISOLATES)) {
            builder.isolateFailures(processor::isolates);
        }
        batcher = builder.build();
    }

    /** What is wrong, or null. */
    Violation run() {
        if (traced) {
            trace.append(settings).append('\n');
        }
        try {
            for (Plan.Event event : plan.events()) {
                random = new SplittableRandom(event.seed());
                budget = 10;
                happen(event.step());
                afterEvent();
                if (violation != null) {
                    return violation;
                }
            }
            random = new SplittableRandom(plan.endSeed());
            new End(this).run();
        } catch (Stop stop) {
            // the violation says why
        } catch (Throwable thrown) {
            broken("nothing is thrown to callers", "thrown: " + thrown, thrown);
        } finally {
            if (Thread.interrupted()) {
                broken("an interrupt reaches nobody else", "the thread's interrupt flag is set");
            }
        }
        return violation;
    }

    String trace() {
        return trace.toString();
    }

    /** Ends a run that is broken already. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    void broken(String rule, String detail) {
        broken(rule, detail, null);
    }

    private void broken(String rule, String detail, Throwable cause) {
        if (violation == null) {
            violation = new Violation(rule, detail, cause);
            log("BROKEN: " + rule + ": " + detail);
        }
    }

    void check(boolean right, String rule, Supplier<String> detail) {
        if (!right) {
            broken(rule, detail.get());
        }
    }

    void log(String line) {
        if (traced) {
            trace.append(String.format("%9.3f ms %s%s%n", now() / 1e6, "  ".repeat(depth), line));
        }
    }

    long now() {
        return time.nanoTime() - start;
    }

    boolean chance(int oneOf) {
        return random.nextInt(oneOf) == 0;
    }

    boolean fails(Fault fault, int oneOf) {
        return settings.has(fault) && !calm && chance(oneOf);
    }

    int depth() {
        return depth;
    }

    /** Every place where the engine runs user code: other threads must get their way meanwhile. */
    void userCode(String what) {
        if (settings.has(Fault.OTHER_THREADS) && !calm && chance(40)) {
            Aside.run(this, "No lock is held while user code runs: " + what, () -> {
                batcher.snapshot();
                batcher.options();
                batcher.isRunning();
            });
        }
    }

    /** The same, where the code may also do what callers do. */
    void userCode(String what, Fault reentrance, int oneOf) {
        userCode(what);
        if (settings.has(reentrance) && !calm && depth < DEPTH && budget > 0 && chance(oneOf)) {
            nested(what);
        }
    }

    private void nested(String what) {
        depth++;
        budget--;
        tick++;
        log("in " + what + ":");
        try {
            for (int i = 1 + random.nextInt(2); i > 0; i--) {
                happen(Settings.one(random, Step.values()));
            }
        } finally {
            depth--;
        }
    }

    /** Lets a continuation wait until something is done elsewhere. */
    void await(CompletableFuture<?> other, long boundMillis) {
        depth++;
        try {
            for (long i = 0; i < boundMillis && !other.isDone(); i++) {
                tasks.runOffloaded();
                tasks.runCompletions();
                tasks.runAll();
                time.advanceMillis(1);
            }
        } finally {
            depth--;
        }
    }

    private void happen(Step step) {
        if (settings.has(Fault.OTHER_THREADS) && chance(6)) {
            Aside.run(this, "9: calls from anywhere never deadlock: " + step, () -> act(step));
        } else {
            act(step);
        }
    }

    void afterEvent() {
        jumped &= !tasks.settleDown();
        oracle.atRest();
        if (violation != null) {
            throw new Stop();
        }
    }

    private void act(Step step) {
        if (depth == 0 && !batcher.isRunning() && step != Step.STOP_FORCED && chance(3)) {
            start();
        }
        switch (step) {
            case SUBMIT -> submit(Tracked.NEVER);
            case SUBMIT_MANY -> {
                for (int i = 2 + random.nextInt(5); i > 0; i--) {
                    submit(Tracked.NEVER);
                }
            }
            case SUBMIT_WITH_TIMEOUT -> submit(random.nextInt(30) * 1_000_000L - 1_000_000L + 137);
            case SUBMIT_ALL -> submitAll();
            case ADVANCE -> advance();
            case RUN_TASK -> tasks.runAny();
            case END_STAGE -> processor.endAny();
            case RUN_COMPLETION -> tasks.runAnyCompletion();
            case CANCEL -> oracle.any(oracle.open()).ifPresent(this::cancel);
            case COMPLETE -> oracle.any(oracle.open()).ifPresent(this::complete);
            case CANCEL_ALL -> cancelAll();
            case FLUSH -> {
                log("flush");
                oracle.flushed();
                batcher.flush();
            }
            case PAUSE -> {
                if (batcher.isRunning()) {
                    log("pause");
                    oracle.paused(true);
                    batcher.pause();
                }
            }
            case RESUME -> {
                log("resume");
                oracle.paused(false);
                batcher.resume();
            }
            case RECONFIGURE -> reconfigure();
            case STOP_FORCED -> {
                if (chance(2)) {
                    stop(0);
                }
            }
            case STOP_GRACEFULLY -> {
                if (chance(2)) {
                    stop(Long.MAX_VALUE);
                }
            }
            case STOP_WITHIN_GRACE -> {
                if (chance(2)) {
                    stop(random.nextInt(20) * 1_000_000L + 731);
                }
            }
            case START -> start();
            case CLOSE -> {
                if (processor.onThisThread()) {
                    log("close");
                    oracle.stopping(Long.MAX_VALUE);
                    int starts = oracle.starts;
                    batcher.close();
                    if (oracle.starts == starts) {
                        oracle.stopped(batcher.stop(false), false);
                    }
                }
            }
            case CHANGE_LISTENERS -> listeners.change();
        }
    }

    void submit(long timeout) {
        if (settings.options().overflow() == OverflowPolicy.BLOCK
                || batcher.options().overflow() == OverflowPolicy.BLOCK) {
            if (!mayBlockHere()) {
                return;
            }
        }
        Tracked item = newItem(timeout);
        BatcherSnapshot before = depth == 0 ? batcher.snapshot() : null;
        int events = tick;
        log("submit " + item.order + (timeout == Tracked.NEVER ? "" : " for " + timeout) + describe(item));
        oracle.submits(List.of(item));
        item.future = timeout == Tracked.NEVER
                ? batcher.process(item.thing)
                : batcher.process(item.thing, Duration.ofNanos(timeout));
        oracle.submitted(item, timeout, before, events == tick && !jumped);
        react(item);
    }

    private String describe(Tracked item) {
        return traced
                ? " (kind " + item.kind + ", partition " + item.partition + ", weight " + item.weight
                        + (item.poison ? ", poison" : "") + ")"
                : "";
    }

    /** A thread that would wait for a place would wait for ever: nobody else moves the time. */
    private boolean mayBlockHere() {
        BatcherOptions options = batcher.options();
        return options.maxBlockTime().isZero()
                || processor.onThisThread()
                || options.maxQueueSize() < 0
                || !batcher.isRunning()
                || batcher.snapshot().queued() < options.maxQueueSize();
    }

    Tracked newItem(long timeout) {
        int order = oracle.items.size();
        int kind = settings.kinds() == 0 ? 1000 + order : random.nextInt(settings.kinds());
        long weight = settings.has(Settings.Ability.WEIGHS) && fails(Fault.WEIGHER_NEGATIVE, 10)
                ? -1 - random.nextInt(3)
                : 1 + random.nextInt(5);
        long deadline = timeout == Tracked.NEVER ? Tracked.NEVER : now() + timeout;
        Tracked item = new Tracked(
                order,
                kind,
                settings.has(Settings.Ability.PARTITIONS) ? random.nextInt(settings.partitions()) : 0,
                weight,
                fails(Fault.POISON_ITEMS, 6),
                now(),
                deadline,
                ++tick);
        item.thing = new Thing(item, this, fails(Fault.ITEMS_THROW, 8));
        oracle.items.add(item);
        return item;
    }

    private void react(Tracked item) {
        if (settings.has(Settings.Ability.CONTINUATIONS) || chance(3)) {
            item.future.whenComplete((value, failure) -> {
                oracle.settled(item, value, failure);
                userCode("a continuation", Fault.CONTINUATION_REENTERS, 4);
                if (fails(Fault.CONTINUATION_WAITS_FOR_MATE, 4) && depth < DEPTH) {
                    waitForMate(item);
                }
                if (fails(Fault.CONTINUATION_THROWS, 3)) {
                    throw new Planted.Failure("continuation");
                }
            });
        }
    }

    private void waitForMate(Tracked item) {
        List<Tracked> mates = oracle.matesOf(item);
        if (!mates.isEmpty() && !tasks.loses()) {
            Tracked mate = mates.get(random.nextInt(mates.size()));
            log("continuation of " + item + " waits for " + mate);
            await(mate.future, 2_000);
            check(
                    mate.future.isDone(),
                    "a thread that settles and doesn't come back hands the rest to another",
                    () -> "item " + mate + " isn't settled while a continuation of " + item + " waits for it");
        }
    }

    private void submitAll() {
        boolean identified = settings.has(Settings.Ability.CONTEXTS)
                && settings.has(Settings.Ability.LISTENER)
                && !settings.has(Fault.LISTENER_THROWS)
                && !settings.has(Fault.ITEMS_THROW)
                && !settings.has(Fault.WEIGHER_NEGATIVE)
                && !settings.has(Fault.WEIGHER_THROWS)
                && !settings.has(Fault.PARTITIONER_THROWS)
                && !settings.has(Fault.PARTITIONER_NULL)
                && !settings.has(Fault.KEYS_THROW)
                && !settings.has(Fault.LISTENER_REENTERS)
                && !settings.has(Fault.WEIGHER_REENTERS)
                && !settings.has(Fault.PARTITIONER_REENTERS)
                && depth == 0;
        if (!identified || batcher.options().overflow() == OverflowPolicy.BLOCK) {
            return;
        }
        List<Tracked> members = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            members.add(newItem(Tracked.NEVER));
        }
        log("submit together " + members);
        Together group = new Together(members);
        members.forEach(member -> member.group = group);
        oracle.submits(members);
        group.future =
                batcher.processAll(members.stream().map(member -> member.thing).toList());
        oracle.submitted(group);
    }

    private void cancelAll() {
        List<Together> groups =
                oracle.groups.stream().filter(group -> !group.future.isDone()).toList();
        if (!groups.isEmpty()) {
            Together group = groups.get(random.nextInt(groups.size()));
            log("cancel together " + group.members);
            group.members.stream().filter(Tracked::open).forEach(member -> member.callersWins++);
            group.cancelled = true;
            group.future.cancel(true);
        }
    }

    private void cancel(Tracked item) {
        if (item.future != null) {
            log("cancel " + item);
            endByCaller(item, () -> item.future.cancel(true));
        }
    }

    private void complete(Tracked item) {
        if (item.future != null) {
            log("complete " + item);
            boolean result = chance(2);
            endByCaller(
                    item,
                    () -> result
                            ? item.future.complete(null)
                            : item.future.completeExceptionally(new Planted.Failure("by caller")));
        }
    }

    private void endByCaller(Tracked item, BooleanSupplier end) {
        oracle.endsByCaller(item);
        item.callersEnds++;
        boolean won = end.getAsBoolean();
        item.callersEnds--;
        if (won) {
            item.settledTick = Math.min(item.settledTick, ++tick);
            item.callersWins++;
        }
        check(
                won || item.future.isDone(),
                "a caller may end its own future",
                () -> "item " + item + " is open after its caller ended it");
    }

    private void advance() {
        long span = (1 + random.nextInt(chance(4) ? 60 : 12)) * 500_000L;
        if (fails(Fault.CLOCK_JUMPS, 6)) {
            log("the clock jumps by " + span);
            time.skip(Duration.ofNanos(span));
            jumped = true;
            return;
        }
        log("advance by " + span);
        if (depth > 0) {
            time.advance(Duration.ofNanos(span));
            return;
        }
        jumped = false;
        for (long passed = 0; passed < span; passed += settings.quantumNanos()) {
            time.advance(Duration.ofNanos(Math.min(settings.quantumNanos(), span - passed)));
            afterEvent();
        }
    }

    private void reconfigure() {
        BatcherOptions options = settings.change(batcher.options(), random);
        log("reconfigure to " + options);
        oracle.reconfigures(options);
        int before = tick;
        batcher.reconfigure(old -> options);
        check(
                depth > 0 || tick > before || batcher.options().equals(options),
                "reconfigure: the options are in force",
                () -> batcher.options().toString());
    }

    CompletableFuture<Void> stop(long grace) {
        log(grace == 0 ? "stop by force" : grace == Long.MAX_VALUE ? "stop" : "stop within " + grace);
        oracle.stopping(grace);
        int before = tick;
        int starts = oracle.starts;
        CompletableFuture<Void> end = grace == 0
                ? batcher.stop(true)
                : grace == Long.MAX_VALUE ? batcher.stop(false) : batcher.stop(Duration.ofNanos(grace));
        if (oracle.starts == starts) {
            oracle.stopped(end, tick == before);
        }
        return end;
    }

    void start() {
        log("start");
        boolean stopping = oracle.stopping();
        int before = tick;
        try {
            batcher.start();
            check(depth > 0 || !stopping, "start while stopping throws", () -> "it didn't");
            check(depth > 0 || tick > before || batcher.isRunning(), "start makes it run", () -> "it doesn't");
            oracle.started();
        } catch (IllegalStateException rejected) {
            check(depth > 0 || stopping, "start after a stop starts", () -> "it throws " + rejected);
        }
    }

    private long weigh(Thing thing) {
        userCode("the weigher", Fault.WEIGHER_REENTERS, 12);
        if (fails(Fault.WEIGHER_THROWS, 8)) {
            throw thing.tracked.blame("weigher");
        }
        return thing.tracked.weight;
    }

    private Key partition(Thing thing) {
        userCode("the partitioner", Fault.PARTITIONER_REENTERS, 12);
        if (fails(Fault.PARTITIONER_THROWS, 8)) {
            throw thing.tracked.blame("partitioner");
        }
        if (fails(Fault.PARTITIONER_NULL, 8)) {
            thing.tracked.blamed.add(null);
            return null;
        }
        return new Key(thing.tracked.partition, this, thing.tracked, fails(Fault.KEYS_THROW, 8));
    }

    /** A processor has never returned: it may hold what it has. */
    boolean leavesCallsBehind() {
        return oracle.running() > 0 || violation != null;
    }

    /** Lets go of everything, so that only the batcher may still hold it. */
    void forget() {
        oracle.forget();
        tasks.forget();
        processor.forget();
        listeners.forget();
        reactions.clear();
    }
}
