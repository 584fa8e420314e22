package io.asyncbatcher.schedules;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherException;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One schedule of a scenario: its threads, the items that were submitted, what the processor saw of them, and the check
 * that the promises were kept.
 *
 * <p>Fray lets one thread run at a time and hands over at scheduling points only. So plain fields are used here: they add
 * no such point, and are seen by the next thread.
 */
final class Trial {

    /** Longer than any alarm that rings. */
    static final Duration NEVER = Duration.ofHours(1);

    private static final int ITEMS = 32;
    private static final int FACTOR = 10;
    private static final int STEPS = 4;

    private final TimeSource time = new ThreadTime(this::execute);
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final @Nullable CompletableFuture<Integer>[] futures = newFutures();
    private final int[] seen = new int[ITEMS];
    private final boolean[] together = new boolean[ITEMS];
    private boolean ownThreads;
    private int mostSeen = 1;
    private int maxBatchSize = Integer.MAX_VALUE;
    private int concurrency = Integer.MAX_VALUE;
    private int running;
    private volatile boolean point;

    private Trial() {}

    /** Runs a scenario once, on the calling thread and those that it starts. */
    static void run(Scenario scenario) {
        try {
            scenario.body().run(new Trial());
        } catch (Exception failure) {
            throw new AssertionError(scenario.name(), failure);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static @Nullable CompletableFuture<Integer>[] newFutures() {
        return new CompletableFuture[ITEMS];
    }

    // ---- threads ----

    /** Takes a few steps, at which other threads may overtake this one. */
    void step() {
        for (int i = 0; i < STEPS; i++) {
            point = !point;
        }
    }

    /** Starts a thread of the scenario. */
    void thread(Scenario.Step step) {
        execute(() -> {
            try {
                step.run();
            } catch (Throwable failure) {
                problem("A thread failed: " + failure);
            }
        });
    }

    /** An executor whose threads end with their task. */
    void execute(Runnable task) {
        Thread thread = new Thread(task);
        threads.add(thread);
        thread.start();
    }

    /** Waits for all threads, those included that are started meanwhile. */
    void join() throws InterruptedException {
        for (int i = 0; i < threads.size(); i++) {
            threads.get(i).join();
        }
    }

    // ---- a batcher ----

    /** A batcher on threads and alarms that end with the schedule. It lingers for ever unless told otherwise. */
    AsyncBatcher.Builder<Integer, Integer> batcher() {
        return AsyncBatcher.<Integer, Integer>builder(this::process)
                .executor(this::execute)
                .time(time)
                .maxQueueTime(NEVER);
    }

    /** The same for a batcher that the scenario makes itself. */
    <T, R extends @Nullable Object> AsyncBatcher.Builder<T, R> on(AsyncBatcher.Builder<T, R> builder) {
        return builder.executor(this::execute).time(time).maxQueueTime(NEVER);
    }

    /** A batcher on the threads and the timer that batchers have of their own. */
    AsyncBatcher.Builder<Integer, Integer> ownBatcher() {
        ownThreads = true;
        return AsyncBatcher.<Integer, Integer>builder(this::process).maxQueueTime(NEVER);
    }

    /** What must never be exceeded. */
    void limits(int maxBatchSize, int concurrency) {
        this.maxBatchSize = maxBatchSize;
        this.concurrency = concurrency;
    }

    /** How often the processor may see an item. */
    void attempts(int most) {
        mostSeen = most;
    }

    List<Integer> process(List<Integer> items) {
        enter(items);
        step();
        leave();
        return results(items);
    }

    /** A call of the processor begins. */
    void enter(List<Integer> items) {
        if (++running > concurrency) {
            problem(running + " calls at a time, more than " + concurrency);
        }
        if (items.isEmpty() || items.size() > maxBatchSize) {
            problem("A batch of " + items.size());
        }
        items.forEach(item -> seen[item]++);
    }

    void leave() {
        running--;
    }

    static List<Integer> results(List<Integer> items) {
        return items.stream().map(Trial::result).toList();
    }

    static int result(int item) {
        return item * FACTOR;
    }

    // ---- items ----

    /** Submits an item, a number of its own. */
    CompletableFuture<Integer> call(AsyncBatcher<Integer, Integer> batcher, int item) {
        CompletableFuture<Integer> future = batcher.process(item);
        submitted(item, future);
        return future;
    }

    /** The same where nothing hangs on the future. */
    void submit(AsyncBatcher<Integer, Integer> batcher, int item) {
        submitted(item, batcher.process(item));
    }

    /** Notes an item that was submitted. */
    void submitted(int item, CompletableFuture<Integer> future) {
        futures[item] = future;
    }

    /** Submits items of which only the common result is known. */
    CompletableFuture<List<Integer>> submitAll(AsyncBatcher<Integer, Integer> batcher, List<Integer> items) {
        items.forEach(item -> together[item] = true);
        return batcher.processAll(items);
    }

    /** An item's future, once it was submitted. */
    @Nullable
    CompletableFuture<Integer> future(int item) {
        return futures[item];
    }

    /** Whether the processor has seen an item. */
    boolean wasSeen(int item) {
        return seen[item] > 0;
    }

    // ---- what must hold ----

    /** Waits for the end of a stop, by which everything that was accepted is settled. */
    void awaitStop(CompletableFuture<Void> end) {
        end.join();
        for (int i = 0; i < ITEMS; i++) {
            CompletableFuture<Integer> future = futures[i];
            if (future != null && !future.isDone()) {
                problem("Item " + i + " was not settled by the end of the stop");
            }
        }
    }

    void require(boolean held, String what) {
        if (!held) {
            problem(what);
        }
    }

    /** The same on the scenario's own thread, once everything else was checked. */
    static void demand(boolean held, String what) {
        if (!held) {
            throw new AssertionError(what);
        }
    }

    private void problem(String what) {
        problems.add(what);
    }

    /** Joins all threads, stops the batcher, and checks all items and the batcher. */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    final void check(AsyncBatcher<Integer, Integer> batcher, Class<? extends Throwable>... allowed)
            throws InterruptedException {
        join();
        awaitStop(batcher.stop(false));
        join();
        BatcherSnapshot end = batcher.snapshot();
        require(end.queued() == 0 && end.inFlight() == 0, "After the stop: " + end);
        require(
                ownThreads || running > 0 || end.activeBatches() + end.abandonedBatches() == 0,
                "A slot was lost: " + end);
        checkItems(Set.of(allowed));
    }

    /** Checks all items, and that nothing went wrong meanwhile. */
    void checkItems(Set<Class<? extends Throwable>> allowed) {
        for (int item = 0; item < ITEMS; item++) {
            CompletableFuture<Integer> future = futures[item];
            if (future == null) {
                require(
                        seen[item] == 0 || together[item],
                        "The processor saw item " + item + ", whose submission failed");
            } else if (!future.isDone()) {
                problem("Item " + item + " was never settled");
            } else {
                check(item, future, allowed);
            }
        }
        if (!problems.isEmpty()) {
            throw new AssertionError(String.join("; ", problems));
        }
    }

    private void check(int item, CompletableFuture<Integer> future, Set<Class<? extends Throwable>> allowed) {
        require(seen[item] <= mostSeen, "The processor saw item " + item + " " + seen[item] + " times");
        try {
            int result = future.join();
            require(result == result(item), "Item " + item + " got " + result);
            require(seen[item] > 0, "Item " + item + " has a result, but never ran");
        } catch (CancellationException | CompletionException ended) {
            Throwable failure = ended.getCause() == null ? ended : ended.getCause();
            require(allowed.contains(failure.getClass()), "Item " + item + " failed with " + failure);
            if (failure instanceof BatcherException refusal && !refusal.mayHaveRun()) {
                require(seen[item] == 0, "Item " + item + " ran, but mayHaveRun is false: " + failure);
            }
        }
    }
}
