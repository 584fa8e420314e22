package io.asyncbatcher.internal.thread;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads on which batches run where the user gives no executor: daemons, shared by all batchers, made as needed,
 * gone a second after their last work. Of the thread that happened to need them first they take over nothing: no context
 * class loader, inheritable thread-locals, thread group, priority or access-control context. A context class loader and a
 * priority that user code leaves are put back before the next batch, and with the end of each work.
 */
@SuppressWarnings("ThreadPriorityCheck") // the usual one, in place of whatever else it would be
public final class OwnThreads {

    private static final String PREFIX = "async-batcher-";

    static final long KEEP_ALIVE_SECONDS = 1;

    private static final @Nullable ClassLoader CLASS_LOADER = OwnThreads.class.getClassLoader();
    private static final ThreadGroup GROUP = topGroup();

    private static final ThreadPoolExecutor THREADS =
            new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    KEEP_ALIVE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    factory("async-batcher")) {
                @Override
                protected void afterExecute(Runnable work, @Nullable Throwable failure) {
                    putBack();
                }
            };

    private OwnThreads() {}

    public static void execute(Runnable work) {
        THREADS.execute(work);
    }

    /** Names the current thread after a batcher, if it is one of these and has another name. */
    public static void nameAfter(String batcher) {
        if (!(Thread.currentThread() instanceof OwnThread thread)) {
            return;
        }
        String name = thread.getName();
        boolean isNamed = name.length() == PREFIX.length() + batcher.length()
                && name.startsWith(PREFIX)
                && name.endsWith(batcher);
        if (!isNamed) {
            thread.setName(PREFIX + batcher);
        }
    }

    /** Puts back what user code has changed of the current thread, if that is one of these. */
    static void putBack() {
        if (Thread.currentThread() instanceof OwnThread thread) {
            if (thread.getContextClassLoader() != CLASS_LOADER) {
                thread.setContextClassLoader(CLASS_LOADER);
            }
            if (thread.getPriority() != Thread.NORM_PRIORITY) {
                thread.setPriority(Thread.NORM_PRIORITY);
            }
        }
    }

    static ThreadFactory factory(String name) {
        AtomicInteger count = new AtomicInteger();
        return work -> inNobodysContext(() -> new OwnThread(work, name + "-" + count.incrementAndGet()));
    }

    /** A new thread would keep the code that is on the stack, with its class loader: so only this class is asked. */
    @SuppressWarnings("removal") // from Java 24 on it just runs the action
    private static Thread inNobodysContext(PrivilegedAction<Thread> making) {
        return AccessController.doPrivileged(making);
    }

    private static ThreadGroup topGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = group.getParent(); parent != null; parent = group.getParent()) {
            group = parent;
        }
        return group;
    }

    private static final class OwnThread extends Thread {

        OwnThread(Runnable work, String name) {
            super(GROUP, work, name, 0, false);
            setDaemon(true);
            setPriority(NORM_PRIORITY);
            setContextClassLoader(CLASS_LOADER);
        }
    }
}
