package io.asyncbatcher.internal.engine;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.QueueFullException;
import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.Linearizability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Submissions that ask for room, with and without the lock, explored by Lincheck. */
@Tag("long")
class SubmissionLincheckTests {

    private static final int THREADS = 8;
    private static final int ROOM = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** Moves by hand; no alarm rings. {@code VirtualTime} keeps lambdas of the JDK, into which Lincheck may not look. */
    private static final class SilentTime implements TimeSource {

        private final AtomicLong now = new AtomicLong();

        void advance(Duration span) {
            now.addAndGet(span.toNanos());
        }

        @Override
        public long nanoTime() {
            return now.get();
        }

        @Override
        public Alarm schedule(Runnable task, long delayNanos) {
            return () -> {};
        }

        @Override
        public void offload(Runnable work) {
            work.run();
        }
    }

    /** A paused batcher with room for two. */
    public static class Asking {

        private final SilentTime time = new SilentTime();
        private final AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxQueueSize(ROOM)
                .time(time)
                .executor(Runnable::run)
                .build();
        private final @Nullable CompletableFuture<?>[] last = new CompletableFuture<?>[THREADS];

        public Asking() {
            batcher.pause();
        }

        @Operation
        public boolean submit(@Param(gen = ThreadIdGen.class) int thread) {
            return isQueued(batcher.process(1), thread);
        }

        @Operation
        public boolean submitWithTimeout(@Param(gen = ThreadIdGen.class) int thread) {
            return isQueued(batcher.process(1, TIMEOUT), thread);
        }

        private boolean isQueued(CompletableFuture<Integer> future, int thread) {
            last[thread] = future;
            boolean rejected = future.isCompletedExceptionally()
                    && future.handle((result, failure) ->
                                    failure instanceof QueueFullException || failure instanceof BatcherStoppedException)
                            .join();
            return !rejected;
        }

        /** Of what this thread submitted last. */
        @Operation
        public boolean cancel(@Param(gen = ThreadIdGen.class) int thread) {
            return last[thread] != null && last[thread].cancel(false);
        }

        /** All timeouts are over. */
        @Operation(nonParallelGroup = "time")
        public void expire() {
            time.advance(TIMEOUT);
            batcher.flush(); // any change lets go what is overdue
        }

        /** Is not remembered while paused. */
        @Operation
        public void flush() {
            batcher.flush();
        }

        @Operation(nonParallelGroup = "time")
        public void stop() {
            batcher.stop(true);
        }
    }

    /** Room for two. */
    public static class Room {

        private final List<Object> untimed = new ArrayList<>();
        private final List<Object> timed = new ArrayList<>();
        private final @Nullable Object[] last = new Object[THREADS];
        private final List<Object> cancelled = new ArrayList<>();
        private boolean stopped;

        public boolean submit(int thread) {
            return add(untimed, thread);
        }

        public boolean submitWithTimeout(int thread) {
            return add(timed, thread);
        }

        private boolean add(List<Object> items, int thread) {
            boolean room = !stopped && untimed.size() + timed.size() < ROOM;
            Object item = new Object();
            last[thread] = item;
            if (room) {
                items.add(item);
            }
            return room;
        }

        public boolean cancel(int thread) {
            Object item = last[thread];
            if (item != null && (untimed.remove(item) || timed.remove(item))) {
                cancelled.add(item);
            }
            return cancelled.contains(item);
        }

        public void expire() {
            timed.clear();
        }

        public void flush() {}

        public void stop() {
            stopped = true;
            untimed.clear();
            timed.clear();
        }
    }

    /** Batches that wait for an hour, unless they are flushed. */
    public static class Flushing {

        private final AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxQueueTime(Duration.ofHours(1))
                .time(new SilentTime())
                .executor(Runnable::run)
                .build();

        private final Queue<CompletableFuture<Integer>> flushed = new ConcurrentLinkedQueue<>();

        /** A flush covers what was queued before it. */
        @Operation
        public void processAndFlush(@Param(gen = IntGen.class, conf = "1:9") int item) {
            flushed.add(batcher.process(item));
            batcher.flush();
        }

        @Operation
        public void processAndCancel(@Param(gen = IntGen.class, conf = "1:9") int item) {
            batcher.process(item).cancel(false);
        }

        /** After the race. Nobody waits within it: Lincheck would follow each waiting thread for as long as it may. */
        @Validate
        public void allAreServed() {
            for (CompletableFuture<Integer> future : flushed) {
                if (!future.isDone()) {
                    throw new IllegalStateException("A flushed item is still waiting.");
                }
            }
        }
    }

    /** No call has a result. */
    public static class Served {

        public void processAndFlush(int item) {}

        public void processAndCancel(int item) {}
    }

    @Test
    void roomIsGivenOnceAndComesBack() {
        Linearizability room = Linearizability.of(Asking.class, Room.class);
        room
                // Four items, room for two.
                .race(
                        List.of(room.call("submit", 0), room.call("submit", 0)),
                        List.of(room.call("submit", 1), room.call("submit", 1)))
                // A cancel gives its room to others.
                .race(
                        List.of(room.call("submit", 0), room.call("cancel", 0), room.call("submit", 0)),
                        List.of(room.call("submit", 1), room.call("submit", 1), room.call("cancel", 1)))
                // So does a timeout, which meets a cancel and a flush.
                .race(
                        List.of(room.call("submitWithTimeout", 0), room.call("expire"), room.call("submit", 0)),
                        List.of(room.call("submitWithTimeout", 1), room.call("flush"), room.call("cancel", 1)))
                // A stop is one moment for all.
                .race(
                        List.of(room.call("submit", 0), room.call("stop"), room.call("submit", 0)),
                        List.of(room.call("submitWithTimeout", 1), room.call("submit", 1), room.call("cancel", 1)))
                .check();
    }

    @Test
    void aFlushForgetsNobody() {
        Linearizability flushing = Linearizability.of(Flushing.class, Served.class);
        flushing
                // Each flushes what the other queues.
                .race(
                        List.of(flushing.call("processAndFlush", 1), flushing.call("processAndFlush", 2)),
                        List.of(flushing.call("processAndFlush", 3)))
                // A cancelled item takes nobody with it.
                .race(
                        List.of(flushing.call("processAndCancel", 1), flushing.call("processAndFlush", 2)),
                        List.of(flushing.call("processAndFlush", 3)))
                .check();
    }
}
