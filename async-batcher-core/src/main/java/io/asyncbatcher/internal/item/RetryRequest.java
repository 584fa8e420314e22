package io.asyncbatcher.internal.item;

/**
 * An item that goes back to the queue instead of ending.
 *
 * @param delayNanos how long it must not be in a batch
 * @param askedNanos since when; without meaning if there is no delay
 * @param attempts its tries so far
 */
public record RetryRequest(long delayNanos, long askedNanos, int attempts) {

    /** Takes the place of a request that has been met. Compared by identity. */
    public static final RetryRequest MET = new RetryRequest(0, 0, 0);

    /** A request without a delay. */
    public static RetryRequest atOnce(int attempts) {
        return new RetryRequest(0, 0, attempts);
    }

    /** What is left of the delay; not positive when it is over. */
    public long leftNanos(long nowNanos) {
        return delayNanos <= 0 ? 0 : delayNanos - (nowNanos - askedNanos);
    }
}
