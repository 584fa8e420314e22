package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.RateLimit;
import io.asyncbatcher.internal.thread.Nanos;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * When the processor may be called next: not more often than the rate limit says, and not before a time that it asked for
 * itself. A call takes its permission when it is handed over and stamps it when it begins, so that an executor that is
 * late can't bring two windows' calls together. Used under the engine's lock.
 */
final class RateGate {

    private @Nullable RateLimit limit;
    private long perNanos;
    /** When the last calls began, the oldest first: no more than the limit allows at one time. */
    private final ArrayDeque<Long> beginnings = new ArrayDeque<>(0);

    /** Calls that were handed over and have not begun. */
    private int handedOver;

    private boolean held;
    private long heldToNanos;

    // how long it has held something back, for those who want to know
    private boolean holdingBack;
    private long sinceNanos;
    private long heldBackNanos;

    /** Sets another limit; the last calls count under the new one too. */
    void limit(@Nullable RateLimit limit) {
        this.limit = limit;
        this.perNanos = limit == null ? 0 : Nanos.of(limit.per());
        trim();
    }

    private void trim() {
        int most = limit == null ? 0 : limit.batches();
        while (beginnings.size() > most) {
            beginnings.remove();
        }
    }

    boolean isLimited() {
        return limit != null;
    }

    /** Lets nothing begin before a moment. */
    void hold(long untilNanos) {
        if (!held || untilNanos - heldToNanos > 0) {
            held = true;
            heldToNanos = untilNanos;
        }
    }

    /** How long from now no call may be handed over; zero = now, {@link Nanos#FOREVER} = until another has begun. */
    long waitNanos(long nowNanos) {
        long wait = held ? heldToNanos - nowNanos : 0;
        if (wait <= 0) {
            held = false;
        }
        RateLimit limit = this.limit;
        if (limit != null) {
            forgetUntil(nowNanos - perNanos);
            if (handedOver >= limit.batches()) {
                return Nanos.FOREVER;
            }
            int tooMany = beginnings.size() + handedOver + 1 - limit.batches();
            if (tooMany > 0) {
                wait = Math.max(wait, beginning(tooMany) + perNanos - nowNanos);
            }
        }
        return Math.max(0, wait);
    }

    /** Whether anything may have to wait at all, so that nobody reads the clock for nothing. */
    boolean isFree() {
        return limit == null && !held;
    }

    /** Whether it holds something back from now on. */
    void holdBack(boolean something, long nowNanos) {
        if (holdingBack) {
            heldBackNanos += nowNanos - sinceNanos;
        }
        holdingBack = something;
        sinceNanos = nowNanos;
    }

    /** Whether {@link #takeHeldBackNanos} would say more than zero, if not now then later. */
    boolean hasHeldBack() {
        return holdingBack || heldBackNanos > 0;
    }

    /** For how long it has held something back since this was asked last. */
    long takeHeldBackNanos(long nowNanos) {
        holdBack(false, nowNanos);
        long taken = heldBackNanos;
        heldBackNanos = 0;
        return taken;
    }

    void handOver() {
        handedOver++;
    }

    /** A call that was handed over never begins. */
    void takeBack() {
        handedOver--;
    }

    /** A call that was handed over begins. */
    void begin(long nowNanos) {
        handedOver--;
        beginnings.add(nowNanos);
        trim();
    }

    private void forgetUntil(long nanos) {
        while (!beginnings.isEmpty() && beginnings.element() - nanos <= 0) {
            beginnings.remove();
        }
    }

    /** When a call began, counted from the oldest as the first. */
    private long beginning(int nth) {
        Iterator<Long> oldestFirst = beginnings.iterator();
        for (int i = 1; i < nth; i++) {
            oldestFirst.next();
        }
        return oldestFirst.next();
    }
}
