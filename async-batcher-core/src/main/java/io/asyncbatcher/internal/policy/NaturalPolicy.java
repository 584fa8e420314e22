package io.asyncbatcher.internal.policy;

import io.asyncbatcher.DispatchMode;

/** {@link DispatchMode#NATURAL}. It learns nothing, so one serves all batchers. */
public final class NaturalPolicy implements DispatchPolicy {

    @Override
    public long waitNanos(Moment moment) {
        return 0;
    }

    @Override
    public boolean lingers() {
        return false;
    }

    @Override
    public int share(int queued) {
        return queued;
    }
}
