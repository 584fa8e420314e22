package io.asyncbatcher;

/**
 * An item that goes back to the queue instead of ending.
 *
 * @param delayNanos how long it must not be in a batch
 * @param attempts its tries so far
 */
record RetryRequest(long delayNanos, int attempts) {}
