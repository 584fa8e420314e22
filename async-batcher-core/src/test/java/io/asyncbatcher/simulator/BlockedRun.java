package io.asyncbatcher.simulator;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.OverflowPolicy;
import io.asyncbatcher.QueueFullException;
import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Threads that wait for a place of a full queue, which takes real ones. All else is moved by one thread, which goes on
 * when the others have come to rest.
 */
final class BlockedRun {

    private static final String NAME = "simulator-submitter";
    private static final Set<Thread.State> WAITING = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);
    private static final long BLOCK_MILLIS = 20;
    private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(20);

    private record Submitter(long since, CompletableFuture<CompletableFuture<Integer>> call) {}

    private final SplittableRandom random;
    private final VirtualTime time = new VirtualTime();
    private final HandRunExecutor executor = new HandRunExecutor();
    private final List<Submitter> submitters = new ArrayList<>();
    private final StringBuilder trace = new StringBuilder();
    private final int places;
    private final AsyncBatcher<Integer, Integer> batcher;
    private int next;

    BlockedRun(long seed) {
        random = new SplittableRandom(seed);
        places = 1 + random.nextInt(3);
        AsyncBatcher.Builder<Integer, Integer> builder = AsyncBatcher.<Integer, Integer>builder(
                        batch -> batch.stream().map(item -> 2 * item).toList())
                .maxBatchSize(1 + random.nextInt(3))
                .concurrency(1 + random.nextInt(2))
                .maxQueueSize(places)
                .overflow(OverflowPolicy.BLOCK)
                .maxBlockTime(Duration.ofMillis(BLOCK_MILLIS))
                .time(time)
                .executor(executor);
        if (random.nextInt(3) == 0) {
            builder.partitionBy(item -> item % 2);
        }
        batcher = builder.build();
    }

    /** What is wrong; null = nothing. */
    String run() {
        String wrong = null;
        for (int i = 0; i < 40 && wrong == null; i++) {
            step();
            wrong = rest();
        }
        if (wrong == null) {
            wrong = end();
        }
        return wrong == null ? null : wrong + "\n" + trace;
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> submit();
            case 4, 5 -> {
                if (executor.waiting() > 0) {
                    trace.append("run\n");
                    executor.runNext();
                }
            }
            case 6 -> {
                List<CompletableFuture<Integer>> open = open();
                if (!open.isEmpty()) {
                    trace.append("cancel\n");
                    open.get(random.nextInt(open.size())).cancel(true);
                }
            }
            case 7, 8 -> {
                long millis = random.nextInt(12);
                trace.append("advance ").append(millis).append('\n');
                time.advanceMillis(millis);
            }
            case 9 -> {
                trace.append("pause\n");
                batcher.pause();
            }
            case 10 -> {
                trace.append("resume\n");
                batcher.resume();
            }
            default -> {
                trace.append("flush\n");
                batcher.flush();
            }
        }
    }

    private void submit() {
        int item = next++;
        boolean bounded = random.nextInt(4) == 0;
        Duration timeout = Duration.ofMillis(1 + random.nextInt(15));
        trace.append("submit ")
                .append(item)
                .append(bounded ? " for " + timeout : "")
                .append('\n');
        CompletableFuture<CompletableFuture<Integer>> call = new CompletableFuture<>();
        Thread thread =
                new Thread(() -> call.complete(bounded ? batcher.process(item, timeout) : batcher.process(item)), NAME);
        thread.setDaemon(true);
        thread.start();
        submitters.add(new Submitter(time.nanoTime(), call));
        await(() -> call.isDone() || WAITING.contains(thread.getState()));
    }

    private List<CompletableFuture<Integer>> open() {
        List<CompletableFuture<Integer>> open = new ArrayList<>();
        for (Submitter submitter : submitters) {
            CompletableFuture<Integer> future = submitter.call.getNow(null);
            if (future != null && !future.isDone()) {
                open.add(future);
            }
        }
        return open;
    }

    private boolean waits() {
        return submitters.stream().anyMatch(submitter -> !submitter.call.isDone());
    }

    /** Waits until nobody has a reason to go on, and says who doesn't though it has. */
    private String rest() {
        if (!await(() -> !waits() || batcher.snapshot().queued() >= places || overdue())) {
            return "a thread waits though there is a place";
        }
        if (!await(() -> !overdue())) {
            return "a thread waits longer than maxBlockTime";
        }
        if (batcher.snapshot().queued() > places) {
            return "the queue holds more than it may";
        }
        for (Submitter submitter : submitters) {
            CompletableFuture<Integer> future = submitter.call.getNow(null);
            Throwable failure = future == null ? null : Verdict.failure(future);
            if (failure instanceof QueueFullException && time.nanoTime() - submitter.since < BLOCK_MILLIS * 1_000_000) {
                return "a thread was refused before maxBlockTime was over";
            }
        }
        return null;
    }

    private boolean overdue() {
        return submitters.stream()
                .anyMatch(submitter ->
                        !submitter.call.isDone() && time.nanoTime() - submitter.since >= BLOCK_MILLIS * 1_000_000);
    }

    private String end() {
        boolean force = random.nextInt(2) == 0;
        trace.append("stop ").append(force).append('\n');
        CompletableFuture<Void> stopped = batcher.stop(force);
        if (!await(() -> !waits())) {
            return "a thread waits after a stop";
        }
        for (int i = 0; i < 1_000 && !stopped.isDone(); i++) {
            executor.runAll();
            time.advanceMillis(1);
        }
        BatcherSnapshot now = batcher.snapshot();
        return !stopped.isDone() || !open().isEmpty() || now.queued() + now.inFlight() > 0
                ? "something is left after a stop: " + now
                : null;
    }

    private static boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + BOUND_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(20_000);
        }
        return true;
    }
}
