package io.asyncbatcher;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** An executor whose tasks run when the test says so, on the test's thread. */
final class HandRunExecutor implements Executor {

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    int waiting() {
        return tasks.size();
    }

    void runNext() {
        tasks.remove().run();
    }

    /** Runs what is there and what comes by it. */
    void runAll() {
        while (!tasks.isEmpty()) {
            runNext();
        }
    }
}
