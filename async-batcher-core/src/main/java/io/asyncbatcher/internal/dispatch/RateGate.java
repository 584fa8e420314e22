package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.RateLimit;
import io.asyncbatcher.internal.thread.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * When the processor may be called next: not more often than the rate limit says, and not before a time that it asked for
 * itself. A call takes its permission when it is handed over and stamps it when it begins, so that an executor that is
 * late can't bring two windows' calls together. Used under the engine's lock.
 */
final class RateGate {

    private @Nullable RateLimit limit;
    private long perNanos;
    private long[] beginnings = {};
    private int next; // index of the oldest beginning once all are filled
    private int known;
    private int handedOver;

    private boolean held;
    private long heldToNanos;

    // how long it has held something back, for those who want to know
    private boolean holdingBack;
    private long sinceNanos;
    private long heldBackNanos;

    /** Sets another limit; the last calls count under the new one too. */
    void limit(@Nullable RateLimit limit) {
        int size = limit == null ? 0 : limit.batches();
        long[] latest = new long[Math.min(size, known)];
        for (int i = 0; i < latest.length; i++) {
            latest[i] = beginnings[Math.floorMod(next - latest.length + i, beginnings.length)];
        }
        this.limit = limit;
        this.perNanos = limit == null ? 0 : Nanos.of(limit.per());
        beginnings = latest;
        known = latest.length;
        next = 0;
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
            forgetBefore(nowNanos - perNanos);
            if (handedOver >= limit.batches()) {
                return Nanos.FOREVER;
            }
            int over = known + handedOver + 1 - limit.batches();
            if (over > 0) {
                long oldest = beginnings[Math.floorMod(next - known + over - 1, beginnings.length)];
                wait = Math.max(wait, oldest + perNanos - nowNanos);
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
        if (limit == null) {
            return;
        }
        if (known == beginnings.length && known < limit.batches()) {
            grow();
        }
        beginnings[next] = nowNanos;
        next = (next + 1) % beginnings.length;
        known = Math.min(known + 1, beginnings.length);
    }

    private void forgetBefore(long nanos) {
        while (known > 0 && beginnings[Math.floorMod(next - known, beginnings.length)] - nanos <= 0) {
            known--;
        }
    }

    /** As the calls come, because the limit may be large and never reached. */
    private void grow() {
        long[] more = new long[Math.max(4, 2 * known)];
        for (int i = 0; i < known; i++) {
            more[i] = beginnings[Math.floorMod(next - known + i, beginnings.length)];
        }
        beginnings = more;
        next = known;
    }
}
