package io.asyncbatcher;

/** A time source that forwards to another one. A test overrides what it changes. */
public abstract class ForwardingTime implements TimeSource {

    private final TimeSource time;

    protected ForwardingTime(TimeSource time) {
        this.time = time;
    }

    @Override
    public long nanoTime() {
        return time.nanoTime();
    }

    @Override
    public Alarm schedule(Runnable task, long delayNanos) {
        return time.schedule(task, delayNanos);
    }

    @Override
    public void offload(Runnable work) {
        time.offload(work);
    }
}
