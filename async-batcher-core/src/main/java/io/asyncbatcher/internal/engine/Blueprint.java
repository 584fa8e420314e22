package io.asyncbatcher.internal.engine;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.call.Call;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What an {@link AsyncBatcher.Builder} has collected. */
public record Blueprint<T>(
        BatcherOptions options,
        Call<T> call,
        @Nullable Executor executor,
        @Nullable Executor completionExecutor,
        @Nullable BatcherListener listener,
        @Nullable ToLongFunction<? super T> weigher,
        @Nullable Function<? super T, ?> partitioner,
        @Nullable ToIntFunction<? super T> prioritizer,
        @Nullable Predicate<? super Throwable> isolated,
        TimeSource time) {}
