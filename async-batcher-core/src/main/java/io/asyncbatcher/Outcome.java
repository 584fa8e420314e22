package io.asyncbatcher;

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
     * @param result what its caller gets; null is allowed
     */
    static <R extends @Nullable Object> Outcome<R> success(R result) {
        return new Success<>(result);
    }

    /**
     * The item failed, and it alone.
     *
     * @param cause what its caller's future fails with
     */
    static <R extends @Nullable Object> Outcome<R> failure(Throwable cause) {
        return new Failure<>(cause);
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

        /** Refuses a null cause. */
        public Failure {
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public String toString() {
            return "Failure[" + cause.getClass().getName() + "]";
        }
    }
}
