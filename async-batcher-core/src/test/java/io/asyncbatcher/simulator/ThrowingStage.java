package io.asyncbatcher.simulator;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A stage that throws where one asks it for its end. */
final class ThrowingStage<V> extends CompletableFuture<V> {

    private final RuntimeException failure;

    ThrowingStage(RuntimeException failure) {
        this.failure = failure;
    }

    @Override
    public CompletableFuture<V> whenComplete(BiConsumer<? super V, ? super Throwable> action) {
        throw failure;
    }

    @Override
    public <U> CompletableFuture<U> handle(BiFunction<? super V, Throwable, ? extends U> function) {
        throw failure;
    }

    @Override
    public <U> CompletableFuture<U> thenApply(Function<? super V, ? extends U> function) {
        throw failure;
    }

    @Override
    public CompletableFuture<V> toCompletableFuture() {
        throw failure;
    }
}
