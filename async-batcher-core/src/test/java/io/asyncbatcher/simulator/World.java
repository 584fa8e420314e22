package io.asyncbatcher.simulator;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.testing.VirtualTime;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One run: a batcher, the user code around it, and what happens to both. One thread moves everything; where another one is
 * wanted, this one waits for it. User code may do what callers do, to some depth.
 */
final class World {

    static final int DEPTH = 3;

    final Settings settings;
    final VirtualTime time = new VirtualTime();
    final long start = time.nanoTime();
    final Oracle oracle;
    final Processor processor;
    final Tasks tasks;
    final Callers callers;
    final Listeners listeners;
    final AsyncBatcher<Thing, Answer> batcher;

    private final Plan plan;
    private final boolean traced;

    private final StringBuilder trace = new StringBuilder();

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
        callers = new Callers(this);
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
        if (settings.has(Settings.Ability.PRIORITIES)) {
            builder.prioritizeBy(this::prioritize);
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

    boolean isTraced() {
        return traced;
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
            Aside.run(this, "9: calls from anywhere never deadlock: " + step, () -> callers.act(step));
        } else {
            callers.act(step);
        }
    }

    void afterEvent() {
        jumped &= !tasks.settleDown();
        oracle.atRest();
        if (violation != null) {
            throw new Stop();
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

    private int prioritize(Thing thing) {
        userCode("the prioritizer", Fault.PRIORITIZER_REENTERS, 12);
        if (fails(Fault.PRIORITIZER_THROWS, 8)) {
            throw thing.tracked.blame("prioritizer");
        }
        return thing.tracked.level;
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
    }
}
