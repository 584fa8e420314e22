package io.asyncbatcher.testing;

import io.asyncbatcher.AsyncBatcher;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * An executor whose tasks run when the test says so, on the test's thread: for {@link AsyncBatcher.Builder#executor},
 * where a test looks at a batcher whose slots are busy, and for {@link AsyncBatcher.Builder#completionExecutor}.
 *
 * <p>Safe for use by many threads; no method waits.
 */
public final class HandRunExecutor implements Executor {

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** An executor with nothing to do. */
    public HandRunExecutor() {}

    @Override
    public void execute(Runnable task) {
        tasks.add(Objects.requireNonNull(task, "task"));
    }

    /**
     * The number of tasks that have not been run.
     *
     * @return zero or more
     */
    public int waiting() {
        return tasks.size();
    }

    /**
     * Runs the oldest task.
     *
     * @throws NoSuchElementException if there is none
     */
    public void runNext() {
        tasks.remove().run();
    }

    /** Runs what is there and what comes by it, oldest first. */
    public void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
