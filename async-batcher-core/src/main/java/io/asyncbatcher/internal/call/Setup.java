package io.asyncbatcher.internal.call;

import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.RateLimitedException;
import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.thread.OwnThreads;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a batcher is built with and never changes.
 *
 * @param name in messages, meters and names of threads
 * @param call how the processor is called
 * @param isolated which failures halve a batch; null = none
 * @param executor where batches run
 * @param ownThreads whether that is one of the library's own threads
 * @param quickPath whether its threads are worth waiting for
 * @param completionExecutor where callers' continuations run; null = on the batch's thread
 * @param time the clock and the alarms
 */
public record Setup<T>(
        String name,
        Call<T> call,
        @Nullable Predicate<? super Throwable> isolated,
        Executor executor,
        boolean ownThreads,
        QuickPath quickPath,
        @Nullable Executor completionExecutor,
        TimeSource time) {

    private static final System.Logger LOG = System.getLogger("io.asyncbatcher");
    private static final int SOME_LOOKS = 20;
    private static final int MANY_LOOKS = 1_000;

    /** Whether callers of quick batches may be woken a little later: on own threads only, with a clock that goes on. */
    public boolean mayHoldBack() {
        return ownThreads && completionExecutor == null && time == TimeSource.system();
    }

    /**
     * How often the watchdog sees something unchanged before it takes it for stuck. The user's threads are waited for
     * longer: what another thread takes over doesn't run where the user wants it. So are all threads where time is
     * another one, as in tests.
     */
    public int looks() {
        if (time != TimeSource.system() || completionExecutor != null) {
            return MANY_LOOKS;
        }
        return ownThreads ? 1 : SOME_LOOKS;
    }

    /** Whether what a processor threw may be the fault of one item, so that the batch is to be halved. */
    public boolean isOneItemsFault(Throwable thrown) {
        if (isolated == null || thrown instanceof BatchResultException || thrown instanceof RateLimitedException) {
            return false;
        }
        try {
            return isolated.test(thrown);
        } catch (Throwable failure) {
            LOG.log(
                    Level.WARNING,
                    "The predicate given to isolateFailures of batcher '" + name + "' failed; the whole batch"
                            + " fails with what its processor threw",
                    failure);
            return false;
        }
    }

    /** Names the current thread after the batcher, if it is one of the library's own. */
    public void nameThread() {
        if (ownThreads) {
            OwnThreads.nameAfter(name);
        }
    }

    /** Runs work that may block on another thread; on this one where no other is to be had, because never would be worse. */
    public void offload(Runnable work) {
        AtomicBoolean begun = new AtomicBoolean();
        Runnable once = () -> {
            if (begun.compareAndSet(false, true)) {
                work.run();
            }
        };
        try {
            time.offload(once);
        } catch (Throwable noThread) {
            once.run();
        }
    }
}
