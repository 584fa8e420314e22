package io.asyncbatcher.sample.live;

import io.asyncbatcher.sample.live.NewRun.LaneName;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * One run, from its start to its end: calls made inside of the application, not over HTTP, so that what is compared is
 * batching. Not safe for use by many threads, but for {@link LiveRuns}, which has a lock.
 */
final class LoadRun {

    /** What keeps a run from filling the disk. */
    static final long MAX_CALLS = 3_000_000;

    /** As many calls wait for a thread as wait in the batcher's queue, where nobody says otherwise. */
    private static final int UNBATCHED_QUEUE = 10_000;

    private static final int LONGEST_CALL_SECONDS = 10;

    private static final Logger log = LoggerFactory.getLogger(LoadRun.class);

    private final long id;
    private final NewRun load;
    private final long startNanos;
    private final ThreadPoolExecutor unbatched;
    private final Map<LaneName, Lane> lanes = new EnumMap<>(LaneName.class);
    private long endNanos;
    private @Nullable String end;

    LoadRun(long id, NewRun load, Workload workload, long nowNanos) {
        this.id = id;
        this.load = load;
        this.startNanos = nowNanos;
        int threads = workload.unbatchedConcurrency();
        this.unbatched = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(UNBATCHED_QUEUE),
                new CustomizableThreadFactory("live-call-"));
        for (LaneName name : load.lanes()) {
            lanes.put(
                    name,
                    switch (name) {
                        case BATCHED -> new Lane(name, workload::batched, new LaneStatistics(nowNanos));
                        case UNBATCHED ->
                            new Lane(
                                    name,
                                    number -> CompletableFuture.runAsync(() -> workload.unbatched(number), unbatched),
                                    new LaneStatistics(nowNanos));
                    });
        }
    }

    void start() {
        lanes.values().forEach(lane -> lane.start(load));
    }

    long id() {
        return id;
    }

    boolean isRunning() {
        return end == null;
    }

    /** Ends a quarter of a second, and the run itself where its time or its calls are over. */
    void tick(long nowNanos) {
        if (!isRunning()) {
            return;
        }
        lanes.values().forEach(lane -> lane.statistics().tick(nowNanos));
        if (nowNanos - startNanos >= TimeUnit.SECONDS.toNanos(load.seconds())) {
            stop("its time was over", nowNanos);
        } else if (lanes.values().stream().anyMatch(lane -> lane.statistics().begun() >= MAX_CALLS)) {
            stop("a lane had made three million calls", nowNanos);
        }
    }

    /** Ends the run, unless it has. */
    void stop(String why, long nowNanos) {
        if (isRunning()) {
            end = why;
            endNanos = nowNanos;
            lanes.values().forEach(lane -> lane.statistics().tick(nowNanos));
            lanes.values().forEach(Lane::stop);
            unbatched.getQueue().clear();
            unbatched.shutdown();
        }
    }

    /** Waits for the calls without batching that are under way: what they use is about to be closed. */
    void awaitCalls() {
        try {
            boolean ended = unbatched.awaitTermination(LONGEST_CALL_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                log.warn("A call without batching is still running");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Frame.Run figures(long nowNanos) {
        return new Frame.Run(id, load, ((isRunning() ? nowNanos : endNanos) - startNanos) / 1e9, end);
    }

    Map<LaneName, Frame.Lane> lanes(long nowNanos) {
        Map<LaneName, Frame.Lane> figures = new EnumMap<>(LaneName.class);
        lanes.forEach((name, lane) -> figures.put(name, lane.statistics().figures(isRunning() ? nowNanos : endNanos)));
        return figures;
    }
}
