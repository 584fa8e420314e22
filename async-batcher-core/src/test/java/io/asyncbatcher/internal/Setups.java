package io.asyncbatcher.internal;

import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.call.Call;
import io.asyncbatcher.internal.call.QuickPath;
import io.asyncbatcher.internal.call.Setup;
import java.util.List;

/** Setups of batchers whose parts are tested without an engine. */
public final class Setups {

    private Setups() {}

    /** The batcher orders: its batches run on the thread that hands them over, and each item is its own result. */
    public static Setup<Integer> of(TimeSource time) {
        return new Setup<>(
                "orders",
                Call.of((List<Integer> batch) -> batch),
                null,
                Runnable::run,
                false,
                new QuickPath(),
                null,
                time);
    }
}
