package io.asyncbatcher;

/** {@link DispatchMode#FIXED}. */
final class FixedPolicy implements DispatchPolicy {

    private int maxBatchSize = BatcherOptions.NO_LIMIT;

    @Override
    public long waitNanos(Moment moment) {
        return moment.lingerLeftNanos();
    }

    @Override
    public int share(int queued) {
        return DispatchPolicy.atMost(maxBatchSize, queued);
    }

    @Override
    public void configure(int maxBatchSize, int concurrency) {
        this.maxBatchSize = maxBatchSize;
    }
}
