package io.asyncbatcher;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One item's end, where items of one batch end differently.
 *
 * @param <R> the result
 * @see BatchProcessor#withOutcomes
 */
public sealed interface Outcome<R extends @Nullable Object> {

    /**
     * The item succeeded.
     *
     * @param <R> the result
     * @param result what its caller gets; null is allowed
     * @return the outcome
     */
    static <R extends @Nullable Object> Outcome<R> success(R result) {
        return new Success<>(result);
    }

    /**
     * The item failed, and it alone.
     *
     * @param <R> the result
     * @param cause what its caller's future fails with
     * @return the outcome
     */
    static <R extends @Nullable Object> Outcome<R> failure(Throwable cause) {
        return new Failure<>(cause);
    }

    /**
     * The item shall be tried again after the batcher's {@code retryDelay}, a millisecond at least; it holds up nobody
     * meanwhile.
     *
     * @param <R> the result
     * @param cause why; what its caller's future fails with when this was the last of {@code maxAttempts}
     * @return the outcome
     */
    static <R extends @Nullable Object> Outcome<R> retry(Throwable cause) {
        return new Retry<>(cause, Duration.ZERO);
    }

    /**
     * The item shall be tried again after a while; it holds up nobody meanwhile.
     *
     * @param <R> the result
     * @param cause why; what its caller's future fails with when this was the last of {@code maxAttempts}
     * @param after how long it must not be tried, a millisecond at least; zero or less is as without it
     * @return the outcome
     */
    static <R extends @Nullable Object> Outcome<R> retry(Throwable cause, Duration after) {
        return new Retry<>(cause, after);
    }

    /**
     * A success.
     *
     * @param result what the caller gets
     */
    record Success<R extends @Nullable Object>(R result) implements Outcome<R> {

        @Override
        public String toString() {
            return "Success";
        }
    }

    /**
     * A failure.
     *
     * @param cause what the caller's future fails with
     */
    record Failure<R extends @Nullable Object>(Throwable cause) implements Outcome<R> {

        /**
         * Rejects a null cause.
         *
         * @param cause not null
         */
        public Failure {
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public String toString() {
            return "Failure[" + cause.getClass().getName() + "]";
        }
    }

    /**
     * A request to try again.
     *
     * @param cause what the caller's future fails with after the last try
     * @param after how long to wait before the next; zero or less = the batcher's {@code retryDelay}
     */
    record Retry<R extends @Nullable Object>(Throwable cause, Duration after) implements Outcome<R> {

        /**
         * Rejects nulls.
         *
         * @param cause not null
         * @param after not null
         */
        public Retry {
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(after, "after");
        }

        @Override
        public String toString() {
            return "Retry[" + cause.getClass().getName() + " after " + after + "]";
        }
    }
}
