package io.asyncbatcher.simulator;

import io.asyncbatcher.ForwardingTime;
import io.asyncbatcher.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/** What the engine has given to others to run: batches, settlements, and what timers must not do themselves. */
final class Tasks {

    private record Batch(Handed handed, Runnable task) {}

    private final World world;
    private final List<Batch> batches = new ArrayList<>();
    private final List<Runnable> completions = new ArrayList<>();
    private final Deque<Runnable> offloaded = new ArrayDeque<>();
    private final Deque<Handed> running = new ArrayDeque<>();
    /** What executors have thrown: a batch may be aborted with it as the cause. */
    final Set<Throwable> thrown = new HashSet<>();

    private boolean completionsLost;

    Tasks(World world) {
        this.world = world;
    }

    void execute(Runnable task) {
        world.userCode("the executor");
        Handed handed = world.oracle.handed();
        world.log("executor gets task " + handed.number);
        if (world.fails(Fault.EXECUTOR_REJECTS, 5)) {
            throw rejected(new RejectedExecutionException("simulated"));
        }
        if (world.fails(Fault.EXECUTOR_THROWS, 8)) {
            throw rejected(new Planted.Fatal("executor"));
        }
        if (world.fails(Fault.EXECUTOR_DISCARDS, 6)) {
            world.log("executor discards task " + handed.number);
            handed.discarded = true;
            world.oracle.discarded++;
            return;
        }
        Settings.When when = world.settings.executor();
        boolean inline = when == Settings.When.INLINE || (when == Settings.When.MIXED && world.chance(2));
        if (inline) {
            run(new Batch(handed, task));
        } else {
            batches.add(new Batch(handed, task));
        }
        if (inline && world.fails(Fault.EXECUTOR_RUNS_AND_THROWS, 4)) {
            throw rejected(new RejectedExecutionException("simulated, after it ran"));
        }
    }

    /** What it rejects may be run at once, inside the task that runs here, on a thread of the batcher's own. */
    private <X extends Throwable> X rejected(X rejection) {
        thrown.add(rejection);
        if (!running.isEmpty()) {
            running.peek().outer = true;
        }
        return rejection;
    }

    private void run(Batch batch) {
        world.log("task " + batch.handed.number + " runs");
        batch.handed.runs++;
        batch.handed.runTick = ++world.tick;
        batch.handed.runTime = world.now();
        if (!running.isEmpty()) {
            running.peek().outer = true;
        }
        running.push(batch.handed);
        try {
            batch.task.run();
        } catch (Throwable escaped) {
            world.broken("8: whatever is thrown is contained", "a task let out " + escaped);
        } finally {
            running.pop();
        }
        if (batch.handed.runs < 3 && world.fails(Fault.EXECUTOR_RUNS_TWICE, 4)) {
            batches.add(batch);
        }
    }

    /** The task that runs here, or null. */
    Handed current() {
        return running.peek();
    }

    /** Since when the innermost task runs: what has ended later may be run all the same. */
    int runTick() {
        return running.isEmpty() ? 0 : running.peek().runTick;
    }

    boolean hasRejected() {
        return !thrown.isEmpty();
    }

    boolean any() {
        return !running.isEmpty();
    }

    long runTime() {
        if (!running.isEmpty()) {
            return running.peek().runTime;
        }
        return world.settings.executor() == Settings.When.BY_HAND ? world.now() : Long.MIN_VALUE;
    }

    /** Tasks that have not begun. */
    int waiting() {
        int waiting = 0;
        for (Batch batch : batches) {
            if (batch.handed.runs == 0) {
                waiting++;
            }
        }
        return waiting;
    }

    List<Handed> handedOver() {
        return batches.stream()
                .map(Batch::handed)
                .filter(handed -> handed.runs == 0)
                .toList();
    }

    void runAny() {
        if (!batches.isEmpty()) {
            run(batches.remove(world.chance(2) ? 0 : world.random.nextInt(batches.size())));
        }
    }

    void runAll() {
        for (int i = 0; i < 50 && !batches.isEmpty(); i++) {
            run(batches.remove(0));
        }
    }

    /** Runs whatever is still there, as an executor does that is far behind. */
    int runLeftOvers() {
        int count = batches.size();
        runAll();
        return count;
    }

    void complete(Runnable task) {
        world.userCode("the completion executor");
        if (world.fails(Fault.COMPLETION_REJECTS, 4)) {
            throw new RejectedExecutionException("simulated");
        }
        if (world.fails(Fault.COMPLETION_DISCARDS, 4)) {
            world.log("completion executor discards a task");
            completionsLost = true;
            return;
        }
        if (world.fails(Fault.COMPLETION_RUNS_TWICE, 4)) {
            completions.add(task);
        }
        if (world.fails(Fault.COMPLETION_RUNS_AND_THROWS, 4)) {
            contained(task);
            throw new RejectedExecutionException("simulated, after it ran");
        }
        completions.add(task);
    }

    void runAnyCompletion() {
        if (!completions.isEmpty()) {
            contained(completions.remove(world.random.nextInt(completions.size())));
        }
    }

    void runCompletions() {
        while (!completions.isEmpty()) {
            contained(completions.remove(0));
        }
    }

    private void contained(Runnable task) {
        try {
            task.run();
        } catch (Throwable escaped) {
            world.broken("8: whatever is thrown is contained", "a completion let out " + escaped);
        }
    }

    void runOffloaded() {
        for (Runnable work = offloaded.poll(); work != null; work = offloaded.poll()) {
            contained(work);
        }
    }

    /** Nothing is to be expected of items that have been given to an executor which drops them. */
    boolean loses() {
        return completionsLost;
    }

    /** Whether settlements may still be under way. */
    boolean settling() {
        return completionsLost || !completions.isEmpty() || !offloaded.isEmpty();
    }

    /** After each event: what isn't held back by a fault is done at once. */
    boolean settleDown() {
        if (!world.settings.has(Fault.OFFLOADED_LATE) || world.calm || world.chance(3)) {
            runOffloaded();
        }
        if (!world.settings.has(Fault.COMPLETION_LATE) || world.calm) {
            runCompletions();
            if (!world.settings.has(Fault.OFFLOADED_LATE) || world.calm) {
                runOffloaded();
            }
        }
        return false;
    }

    TimeSource time() {
        return new ForwardingTime(world.time) {
            @Override
            public void offload(Runnable work) {
                if (world.settings.has(Fault.OFFLOADED_LATE)) {
                    offloaded.add(work);
                } else {
                    contained(work);
                }
            }
        };
    }

    void forget() {
        batches.clear();
        completions.clear();
        offloaded.clear();
        running.clear();
        thrown.clear();
    }
}
