package io.asyncbatcher.spring.boot.calls;

import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;
import reactor.core.publisher.Mono;

/** How the caller of a method with {@code @BatchedBy} gets its result. */
enum Delivery {
    WAIT,
    OPTIONAL,
    FUTURE,
    MONO;

    /** The delivery by a method that returns this type. Reactor's is known by name, because it may be missing. */
    static Delivery of(Class<?> type) {
        if (type == CompletableFuture.class || type == CompletionStage.class || type == Future.class) {
            return FUTURE;
        }
        if (type == Optional.class) {
            return OPTIONAL;
        }
        return type.getName().equals("reactor.core.publisher.Mono") ? MONO : WAIT;
    }

    /** The type of the result itself. */
    ResolvableType inner(ResolvableType returned) {
        return this == WAIT ? returned : returned.getGeneric(0);
    }

    /**
     * What the method returns or throws.
     *
     * @param submission submits the item; a {@code Mono} may ask for it never, later or several times
     * @param called the method as its caller knows it
     */
    @Nullable
    Object deliver(Supplier<CompletableFuture<?>> submission, Method called) throws Throwable {
        return switch (this) {
            case WAIT -> await(submission.get(), called);
            case OPTIONAL -> optional(await(submission.get(), called));
            case FUTURE -> submission.get();
            case MONO -> Reactor.mono(submission);
        };
    }

    /** A batcher whose results are of this type already needs no other. */
    private static Optional<?> optional(@Nullable Object result) {
        return result instanceof Optional<?> given ? given : Optional.ofNullable(result);
    }

    private static @Nullable Object await(CompletableFuture<?> result, Method called) throws Throwable {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)
                    new CancellationException("Interrupted in " + MethodMessages.describe(called)).initCause(e);
        } catch (ExecutionException e) {
            throw throwable(Objects.requireNonNullElse(e.getCause(), e), called);
        } finally {
            // Interrupted, or kept from waiting for itself inside of its own batch: nobody else has the future.
            result.cancel(true);
        }
    }

    private static Throwable throwable(Throwable failure, Method called) {
        boolean unchecked = failure instanceof RuntimeException || failure instanceof Error;
        return unchecked || ReflectionUtils.declaresException(called, failure.getClass())
                ? failure
                : new UndeclaredThrowableException(
                        failure,
                        "The item failed with a checked exception that " + MethodMessages.describe(called)
                                + " doesn't declare: " + failure.getClass().getName());
    }

    /** What needs Reactor to be linked. */
    private static final class Reactor {
        static Object mono(Supplier<CompletableFuture<?>> submission) {
            return Mono.<Object>fromFuture(submission);
        }
    }
}
