package io.asyncbatcher.stress;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.call.Call;
import io.asyncbatcher.internal.call.QuickPath;
import io.asyncbatcher.internal.call.Setup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Parts of a batcher whose batches run on the thread that hands them over, and whose results are the items. */
public final class Parts {

    private static final BatcherOptions OPTIONS =
            builder(new HandRunTime()).build().options();

    private Parts() {}

    /** Begins to build one that doesn't linger. */
    public static AsyncBatcher.Builder<Integer, Integer> builder(TimeSource time) {
        return AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxQueueTime(Duration.ZERO)
                .time(time)
                .executor(Runnable::run);
    }

    /** What such a batcher is built with. */
    public static Setup<Integer> setup(TimeSource time) {
        return new Setup<>(
                OPTIONS.name(), Call.of(batch -> batch), null, Runnable::run, false, new QuickPath(), null, time);
    }

    public static BatcherOptions options() {
        return OPTIONS;
    }

    /** How a future has ended, in a word. */
    public static String end(CompletableFuture<?> future) {
        if (!future.isDone()) {
            return "unsettled";
        }
        return future.handle((result, failure) -> failure == null
                        ? String.valueOf(result)
                        : failure.getClass().getSimpleName())
                .join();
    }
}
