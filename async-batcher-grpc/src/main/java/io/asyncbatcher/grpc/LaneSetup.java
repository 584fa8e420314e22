package io.asyncbatcher.grpc;

import io.asyncbatcher.TimeSource;
import io.asyncbatcher.grpc.wire.Hello;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the lanes of one client have in common.
 *
 * @param executor where frames are written; null = threads of the batchers' own
 * @param ends settles items
 * @param idempotent whether an item of a lost worker is sent once more
 * @param ordered whether nothing is sent to the next worker before the last one has answered all
 * @param jitter a factor about 1 that spreads over time what many clients would do at once
 * @param reopens whether streams are opened anew from time to time, so that items reach workers that are added
 */
record LaneSetup(
        String name,
        Link link,
        Hello hello,
        TimeSource time,
        @Nullable Executor executor,
        CallEnds ends,
        boolean idempotent,
        boolean ordered,
        boolean reopens,
        DoubleSupplier jitter) {}
