package io.asyncbatcher;

/** The time of one change under the engine's lock: read where it is needed, and only once. */
final class Now {

    private final TimeSource time;
    private boolean read;
    private long nanos;

    Now(TimeSource time) {
        this.time = time;
    }

    /** The next change has its own time. */
    void forget() {
        read = false;
    }

    long nanos() {
        if (!read) {
            nanos = time.nanoTime();
            read = true;
        }
        return nanos;
    }
}
