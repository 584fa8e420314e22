package io.asyncbatcher.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Start and stop of a client: first what is queued, then what workers have, then the streams. */
final class Lifecycle {

    private final List<Lane> lanes;
    private final OpenCalls open;
    private final TimeSource time;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable CompletableFuture<Void> stopping;

    Lifecycle(List<Lane> lanes, OpenCalls open, TimeSource time) {
        this.lanes = lanes;
        this.open = open;
        this.time = time;
    }

    void start() {
        synchronized (lock) {
            if (stopping == null) {
                return;
            }
            if (!stopping.isDone()) {
                throw new IllegalStateException("A stop is under way; start when it is over");
            }
            stopping = null;
            lanes.forEach(Lane::start);
        }
        lanes.forEach(lane -> lane.queue().start());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends of stops that were begun before
    CompletableFuture<Void> stop(boolean force) {
        CompletableFuture<Void> end;
        boolean first;
        synchronized (lock) {
            first = stopping == null;
            end = stopping != null ? stopping : new CompletableFuture<>();
            stopping = end;
        }
        if (first) {
            CompletableFuture.allOf(
                            lanes.stream().map(lane -> lane.queue().stop(false)).toArray(CompletableFuture[]::new))
                    .thenCompose(sent -> open.whenEmpty())
                    .thenRun(() -> lanes.forEach(Lane::finish))
                    .thenRun(() -> end.complete(null));
        }
        if (force) {
            lanes.forEach(lane -> lane.queue().stop(true));
            lanes.forEach(Lane::force);
        }
        return end.copy();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the end of the same stop
    CompletableFuture<Void> stop(Duration grace) {
        boolean force = grace.isZero() || grace.isNegative();
        CompletableFuture<Void> end = stop(force);
        if (!force && !end.isDone()) {
            TimeSource.Alarm alarm = time.schedule(() -> time.offload(() -> stop(true)), nanos(grace));
            end.whenComplete((ended, failure) -> alarm.cancel());
        }
        return end;
    }

    private static long nanos(Duration span) {
        return span.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE / 4 : span.toNanos();
    }
}
