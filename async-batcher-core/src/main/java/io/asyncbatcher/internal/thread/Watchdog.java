package io.asyncbatcher.internal.thread;

import io.asyncbatcher.TimeSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks every millisecond at the engines whose threads settle items. User code runs on these threads: continuations and
 * listeners, which may wait for what the same thread would settle next. Where a thread is seen twice without having got on,
 * another goes on in its place.
 *
 * <p>An engine is here from the first return of a batch until a look finds nothing left to be settled, so that looking
 * costs a batch nothing.
 */
public final class Watchdog {

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Set<Watched> ENGINES = ConcurrentHashMap.newKeySet();
    private static final AtomicBoolean LOOKING = new AtomicBoolean();

    private Watchdog() {}

    /** An engine. */
    public interface Watched {

        /** Looks, on the timer's thread, whether what is to be settled gets on. What doesn't goes on elsewhere. */
        void look();
    }

    /** Looks at an engine until it says that nothing is left. May be called under its lock. */
    public static void over(Watched engine) {
        ENGINES.add(engine);
        lookLater();
    }

    private static void lookLater() {
        if (LOOKING.compareAndSet(false, true)) {
            try {
                TimeSource.system().schedule(Watchdog::lookAtAll, LOOK_EVERY_NANOS);
            } catch (Throwable noThread) {
                LOOKING.set(false); // the next one tries again
            }
        }
    }

    private static void lookAtAll() {
        LOOKING.set(false);
        for (Watched engine : ENGINES) {
            lookAt(engine);
        }
        if (!ENGINES.isEmpty()) {
            lookLater();
        }
    }

    private static void lookAt(Watched engine) {
        try {
            engine.look();
        } catch (Throwable failure) {
            // for lack of memory: the next look is a millisecond away
        }
    }

    /** Looks at an engine no longer. Called under its lock, so that it can't come back meanwhile. */
    public static void forget(Watched engine) {
        ENGINES.remove(engine);
    }
}
