package io.asyncbatcher.grpc;

import io.asyncbatcher.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the streams of one worker have in common. */
record WorkerSetup(
        String name,
        int window,
        boolean failureMessages,
        @Nullable TracePropagation tracing,
        @Nullable Duration maxStreamAge,
        TimeSource time) {}
