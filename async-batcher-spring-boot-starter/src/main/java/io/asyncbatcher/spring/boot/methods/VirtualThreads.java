package io.asyncbatcher.spring.boot.methods;

import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * A virtual thread for each batch. Unlike Spring's executor of them it takes nothing over from the thread that hands the
 * batch over, which is some caller's: neither inheritable thread-locals nor the context class loader.
 */
final class VirtualThreads implements Executor {

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private final ThreadFactory factory;

    /** Threads whose names begin like that. Only where they are available. */
    VirtualThreads(String prefix) {
        factory = factory(prefix);
    }

    static boolean areAvailable() {
        return Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS;
    }

    @Override
    public void execute(Runnable batch) {
        Thread thread = factory.newThread(batch);
        thread.setContextClassLoader(VirtualThreads.class.getClassLoader());
        thread.start();
    }

    /** By reflection, as long as we are compiled for Java 17. */
    private static ThreadFactory factory(String prefix) {
        try {
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Method name = type.getMethod("name", String.class, long.class);
            Method inherit = type.getMethod("inheritInheritableThreadLocals", boolean.class);
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory)
                    type.getMethod("factory").invoke(inherit.invoke(name.invoke(builder, prefix, 0L), false));
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("There are no virtual threads in Java " + Runtime.version(), impossible);
        }
    }
}
