package io.asyncbatcher.simulator;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** A stage that tells its end twice. */
final class OddStage<V> extends CompletableFuture<V> {

    @Override
    public CompletableFuture<V> whenComplete(BiConsumer<? super V, ? super Throwable> action) {
        super.whenComplete(action);
        return super.whenComplete(action);
    }

    @Override
    public <U> CompletableFuture<U> handle(BiFunction<? super V, Throwable, ? extends U> function) {
        super.<U>handle(function);
        return super.handle(function);
    }

    @Override
    public CompletableFuture<V> toCompletableFuture() {
        return this;
    }
}
