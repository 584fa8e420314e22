package io.asyncbatcher.grpc;

import com.google.protobuf.ByteString;
import io.asyncbatcher.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the calls of one client out of its callers' items, on their threads. */
record CallFactory<T, R extends @Nullable Object>(
        Codec<T> items,
        Codec<R> results,
        @Nullable Function<? super T, ?> partitioner,
        @Nullable TracePropagation tracing,
        TimeSource time) {

    /** Longer than anybody waits, and short enough to calculate with. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    RemoteCall<R> call(T item, Duration timeout) throws Exception {
        byte[] payload = items.encode(item);
        String key = partitioner == null
                ? null
                : Objects.requireNonNull(partitioner.apply(item), "partitionBy returned null")
                        .toString();
        Map<String, String> trace = tracing == null ? Map.of() : tracing.current();
        long nanos = timeout.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : timeout.toNanos();
        return new RemoteCall<>(ByteString.copyFrom(payload), key, trace, results, time.nanoTime(), nanos);
    }
}
