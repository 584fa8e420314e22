package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.VirtualTime;

/** A time source by which the engine runs out of memory at one of its steps, or of threads. */
final class ExhaustedTime extends ForwardingTime {

    final VirtualTime time;

    /** So many steps on, memory ends once. */
    int left = Integer.MAX_VALUE;

    boolean noThreads;

    ExhaustedTime() {
        this(new VirtualTime());
    }

    private ExhaustedTime(VirtualTime time) {
        super(time);
        this.time = time;
    }

    @Override
    public long nanoTime() {
        if (left-- == 0) {
            throw new OutOfMemoryError("as wanted by the test");
        }
        return super.nanoTime();
    }

    @Override
    public void offload(Runnable work) {
        if (noThreads) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        super.offload(work);
    }

    /** Does something in which memory may end. */
    static void attempt(Runnable work) {
        try {
            work.run();
        } catch (OutOfMemoryError expected) {
            assertThat(expected).hasMessage("as wanted by the test");
        }
    }
}
