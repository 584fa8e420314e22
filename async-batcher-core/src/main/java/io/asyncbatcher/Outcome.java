package io.asyncbatcher;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one item, for batches whose items end differently.
 *
 * @param <R> the result
 * @see BatchProcessor#withOutcomes
 */
public sealed interface Outcome<R extends @Nullable Object> {

    /**
     * The item succeeded.
     *
     * @param <R> the result
     * @param result the result for its caller; null is allowed
     * @return the outcome
     */
    static <R extends @Nullable Object> Outcome<R> success(R result) {
        return new Success<>(result);
    }

    /**
     * The item failed. Other items are not affected.
     *
     * @param <R> the result
     * @param cause the exception with which the future of its caller fails
     * @return the outcome
     */
    static <R extends @Nullable Object> Outcome<R> failure(Throwable cause) {
        return new Failure<>(cause);
    }

    /**
     * The item is retried after the {@code retryDelay} of the batcher, at least a millisecond. It does not delay other
     * items.
     *
     * @param <R> the result
     * @param cause the reason; the exception with which the future of its caller fails if this was the last of
     *     {@code maxAttempts}
     * @return the outcome
     */
    static <R extends @Nullable Object> Outcome<R> retry(Throwable cause) {
        return new Retry<>(cause, Duration.ZERO);
    }

    /**
     * The item is retried after a delay. It does not delay other items.
     *
     * @param <R> the result
     * @param cause the reason; the exception with which the future of its caller fails if this was the last of
     *     {@code maxAttempts}
     * @param after the delay, at least a millisecond; zero or less means the {@code retryDelay} of the batcher
     * @return the outcome
     */
    static <R extends @Nullable Object> Outcome<R> retry(Throwable cause, Duration after) {
        return new Retry<>(cause, after);
    }

    /**
     * A success.
     *
     * @param result the result for the caller
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
     * @param cause the exception with which the future of the caller fails
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
     * A request to retry the item.
     *
     * @param cause the exception with which the future of the caller fails after the last attempt
     * @param after the delay before the next attempt; zero or less means the {@code retryDelay} of the batcher
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
