package io.asyncbatcher;

/** {@link DispatchMode#FIXED}. It learns nothing, so one serves all batchers. */
final class FixedPolicy implements DispatchPolicy {

    @Override
    public long waitNanos(Moment moment) {
        return moment.lingerLeftNanos();
    }

    @Override
    public int share(int queued) {
        return queued;
    }
}
