package io.asyncbatcher.internal;

import io.asyncbatcher.TimeSource;

/** A clock that stands still, and throws an error while it is broken. It sets no alarms. */
public final class BrokenTime implements TimeSource {

    public boolean isBroken = true;

    @Override
    public long nanoTime() {
        if (isBroken) {
            throw new OutOfMemoryError("as wanted by the test");
        }
        return 0;
    }

    @Override
    public Alarm schedule(Runnable task, long delayNanos) {
        return () -> {};
    }
}
