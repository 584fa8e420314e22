package io.asyncbatcher.grpc;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try to reach a worker: 50 ms at first, doubled up to a second, ± 20 %. gRPC's own backoff
 * begins at one second and grows to two minutes, so that the first success after a restart comes seconds late; each try here
 * cuts it short.
 */
final class Backoff {

    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final DoubleSupplier jitter;
    private long nextNanos = FIRST_NANOS;
    private long notBefore;
    private boolean waiting;

    Backoff(DoubleSupplier jitter) {
        this.jitter = jitter;
    }

    /** A try has failed. */
    void failed(long now) {
        notBefore = now + (long) (nextNanos * jitter.getAsDouble());
        nextNanos = Math.min(LONGEST_NANOS, 2 * nextNanos);
        waiting = true;
    }

    /** A worker has been reached. */
    void succeeded() {
        nextNanos = FIRST_NANOS;
        waiting = false;
    }

    /** The time to the next try; zero or less means at once. */
    long remainingNanos(long now) {
        return waiting ? notBefore - now : 0;
    }
}
