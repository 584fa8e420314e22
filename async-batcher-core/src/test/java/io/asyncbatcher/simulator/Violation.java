package io.asyncbatcher.simulator;

/**
 * A promise that was not kept.
 *
 * @param rule which
 * @param detail what was seen
 * @param cause what was thrown; null = nothing
 */
record Violation(String rule, String detail, Throwable cause) {}
