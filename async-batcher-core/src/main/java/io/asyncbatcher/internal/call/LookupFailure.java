package io.asyncbatcher.internal.call;

/**
 * In place of what a processor says of an item: what the item's {@code equals} or {@code hashCode} threw when it was looked
 * up. That item fails, and no other.
 *
 * @param cause what was thrown
 */
public record LookupFailure(Throwable cause) {}
