package io.asyncbatcher.internal.item;

import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.thread.Deadlines;
import io.asyncbatcher.internal.thread.Nanos;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An item that knows when it was submitted and when it expires: made where the caller or the batcher sets a timeout, or
 * somebody listens, so that others cost neither a clock reading nor the bytes.
 */
public final class TimedItem<T, R extends @Nullable Object> extends Item<T, R> implements Deadlines.Deadline {

    private static final VarHandle BEGUN;
    private static final VarHandle REPORTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            BEGUN = lookup.findVarHandle(TimedItem.class, "begun", int.class);
            REPORTED = lookup.findVarHandle(TimedItem.class, "reported", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final int NOT_BEGUN = 0;
    private static final int IN_BATCH = 1;
    private static final int BACK_IN_QUEUE = 2;
    private static final int EXPIRED_BEFORE = 3; // in no batch before
    private static final int EXPIRED = 4;

    private final @Nullable Listeners listeners;
    private final String batcher;
    private final TimeSource time;
    public final long submittedNanos;
    private final long timeoutNanos;

    /** What listeners have noted of its caller; null once it is settled. */
    @Nullable
    public Noted noted;

    @SuppressWarnings("unused") // by BEGUN
    private volatile int begun;

    @SuppressWarnings("unused") // by REPORTED
    private volatile boolean reported;

    public TimedItem(
            ItemOwner<T, R> owner,
            T value,
            String batcher,
            @Nullable Listeners listeners,
            TimeSource time,
            long timeoutNanos) {
        super(owner, value);
        this.batcher = batcher;
        this.listeners = listeners;
        this.time = time;
        this.noted = listeners == null ? null : listeners.submitted(batcher);
        this.submittedNanos = time.nanoTime();
        this.timeoutNanos = timeoutNanos;
    }

    public boolean expires() {
        return timeoutNanos != Nanos.FOREVER;
    }

    @Override
    public long deadlineNanos() {
        return submittedNanos + timeoutNanos;
    }

    @Override
    public boolean isOver() {
        return isDone();
    }

    @Override
    public void expire() {
        ItemOwner<T, R> owner = owner();
        if (owner != null) {
            owner.expired(this);
        }
    }

    @Override
    public boolean begin() {
        return super.begin()
                && (BEGUN.compareAndSet(this, NOT_BEGUN, IN_BATCH)
                        || BEGUN.compareAndSet(this, BACK_IN_QUEUE, IN_BATCH));
    }

    @Override
    public boolean mayRun() {
        return super.mayRun() && begun <= BACK_IN_QUEUE;
    }

    @Override
    public boolean giveBack() {
        return super.giveBack() && (BEGUN.compareAndSet(this, IN_BATCH, BACK_IN_QUEUE) || begun == BACK_IN_QUEUE);
    }

    @Override
    public long nanosLeft(long nowNanos) {
        return deadlineNanos() - nowNanos;
    }

    @Override
    public ItemExpiredException expiry() {
        return Rejections.expired(batcher, Duration.ofNanos(timeoutNanos), endBegun());
    }

    /**
     * The failure of a queued item that can't be expected to be done in time; from here on it doesn't begin any more.
     *
     * @param waitNanos the wait that is still expected
     * @param serviceNanos how long its batch may take then
     */
    public ItemExpiredException shed(long waitNanos, long serviceNanos, long nowNanos) {
        return Rejections.shed(
                batcher,
                Duration.ofNanos(timeoutNanos),
                nowNanos - submittedNanos + waitNanos,
                serviceNanos,
                endBegun());
    }

    /** No batch takes it from here on; whether one did before. An item that was shed may expire before it is settled. */
    private boolean endBegun() {
        if (BEGUN.compareAndSet(this, NOT_BEGUN, EXPIRED_BEFORE) || begun == EXPIRED_BEFORE) {
            return false;
        }
        begun = EXPIRED;
        return true;
    }

    @Override
    void report(ItemOutcome outcome) {
        if (listeners == null || !REPORTED.compareAndSet(this, false, true)) {
            return;
        }
        long latencyNanos = time.nanoTime() - submittedNanos;
        ListenerContext.Scope scope = Noted.open(noted, batcher);
        noted = null;
        listeners.settled(batcher, outcome, latencyNanos);
        scope.close();
    }

    @Override
    void forgetCaller() {
        noted = null;
    }
}
