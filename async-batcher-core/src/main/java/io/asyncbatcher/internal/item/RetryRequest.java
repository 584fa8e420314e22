package io.asyncbatcher.internal.item;

/**
 * An item that goes back to the queue instead of ending.
 *
 * @param delayNanos how long it must not be in a batch
 * @param attempts its tries so far
 */
public record RetryRequest(long delayNanos, int attempts) {}
