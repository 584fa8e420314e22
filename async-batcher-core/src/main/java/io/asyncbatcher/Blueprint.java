package io.asyncbatcher;

import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What an {@link AsyncBatcher.Builder} has collected. */
record Blueprint<T>(
        BatcherOptions options,
        Call<T> call,
        @Nullable Executor executor,
        @Nullable Executor completionExecutor,
        @Nullable BatcherListener listener,
        @Nullable ToLongFunction<? super T> weigher,
        @Nullable Function<? super T, ?> partitioner,
        @Nullable Predicate<? super Throwable> isolated,
        TimeSource time) {}
