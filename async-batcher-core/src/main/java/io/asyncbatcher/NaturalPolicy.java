package io.asyncbatcher;

/** {@link DispatchMode#NATURAL}. */
final class NaturalPolicy implements DispatchPolicy {

    private int maxBatchSize = BatcherOptions.NO_LIMIT;

    @Override
    public long waitNanos(Moment moment) {
        return 0;
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
