package io.asyncbatcher.internal.batch;

/**
 * How a batch's last call has ended, for the owner of its slot.
 *
 * @param abandoned whether its items were settled without it
 * @param tookNanos how long the processor was called, in all calls
 * @param quick whether the last call was short
 * @param comesBack whether its thread is worth waiting for
 * @param holdNanos how long no batch may start after this one; zero = nobody asked
 */
public record Return(boolean abandoned, long tookNanos, boolean quick, boolean comesBack, long holdNanos) {}
