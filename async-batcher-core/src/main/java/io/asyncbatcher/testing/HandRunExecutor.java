package io.asyncbatcher.testing;

import io.asyncbatcher.AsyncBatcher;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * An executor whose tasks run on the thread of the test, when the test calls {@link #runNext} or {@link #runAll}. Use
 * it as {@link AsyncBatcher.Builder#executor} to test a batcher with busy slots, and as
 * {@link AsyncBatcher.Builder#completionExecutor}.
 *
 * <p>Thread-safe. No method waits.
 */
public final class HandRunExecutor implements Executor {

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Creates an executor without tasks. */
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

    /** Runs all tasks, including those that the tasks add, oldest first. */
    public void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
