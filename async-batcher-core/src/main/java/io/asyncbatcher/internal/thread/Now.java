package io.asyncbatcher.internal.thread;

import io.asyncbatcher.TimeSource;

/** The time of one change under the engine's lock: read where it is needed, and only once. */
public final class Now {

    private final TimeSource time;
    private boolean read;
    private long nanos;

    public Now(TimeSource time) {
        this.time = time;
    }

    /** The next change has its own time. */
    public void forget() {
        read = false;
    }

    public long nanos() {
        if (!read) {
            nanos = time.nanoTime();
            read = true;
        }
        return nanos;
    }
}
