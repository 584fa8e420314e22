package io.asyncbatcher;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which batches run where the user gives no executor: daemons, shared by all batchers, made as needed,
 * gone a second after their last work. Of the thread that happened to need them first they take over neither the
 * context class loader nor the inheritable thread-locals.
 */
final class OwnThreads {

    private static final String PREFIX = "async-batcher-";

    static final long KEEP_ALIVE_SECONDS = 1;

    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            factory("async-batcher"));

    private OwnThreads() {}

    static void execute(Runnable work) {
        THREADS.execute(work);
    }

    /** Names the current thread after a batcher, if it has another name. */
    static void nameAfter(String batcher) {
        Thread thread = Thread.currentThread();
        String name = thread.getName();
        boolean isNamed = name.length() == PREFIX.length() + batcher.length()
                && name.startsWith(PREFIX)
                && name.endsWith(batcher);
        if (!isNamed) {
            thread.setName(PREFIX + batcher);
        }
    }

    static ThreadFactory factory(String name) {
        AtomicInteger count = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(null, work, name + "-" + count.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(OwnThreads.class.getClassLoader());
            return thread;
        };
    }
}
