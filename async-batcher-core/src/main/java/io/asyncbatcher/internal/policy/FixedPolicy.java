package io.asyncbatcher.internal.policy;

import io.asyncbatcher.DispatchMode;

/** {@link DispatchMode#FIXED}. It learns nothing, so one serves all batchers. */
public final class FixedPolicy implements DispatchPolicy {

    @Override
    public long waitNanos(Moment moment) {
        return moment.lingerLeftNanos();
    }

    @Override
    public int share(int queued) {
        return queued;
    }
}
