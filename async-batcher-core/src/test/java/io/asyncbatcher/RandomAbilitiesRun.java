package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * One random sequence of calls of a batcher with many abilities. What each call of the processor and each pause between
 * two steps must look like is checked by the contract's rules, so that no rule says which of several right ways is taken.
 */
final class RandomAbilitiesRun {

    private static final int STEPS = 80;
    private static final long LEAST_DELAY = 1_000_000;
    private static final List<DispatchMode> MODES = List.of(DispatchMode.FIXED, DispatchMode.NATURAL);

    /** What the test knows of an item. */
    private static final class Entry {
        final int id;
        final long submitted;
        final long deadline;
        CompletableFuture<Integer> future = new CompletableFuture<>();
        int tries;
        boolean called;
        long notBefore = Long.MIN_VALUE;
        /** How it has to end, once the processor has said so. */
        String end;

        Entry(int id, long submitted, long deadline) {
            this.id = id;
            this.submitted = submitted;
            this.deadline = deadline;
        }

        boolean open() {
            return !future.isDone();
        }
    }

    private final Random random;
    private final StringBuilder trace = new StringBuilder();
    private final VirtualTime time = new VirtualTime();
    private final long start = time.nanoTime();
    private final HandRunExecutor executor = new HandRunExecutor();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Long> calls = new ArrayList<>();
    private final int partitions;
    private final int maxWeight;
    private final boolean slowDowns;
    private final AsyncBatcher<Integer, Integer> batcher;
    private long slowUntil = Long.MIN_VALUE;
    private int settled;
    private boolean stopping;

    RandomAbilitiesRun(long seed) {
        random = new Random(seed);
        partitions = 1 + random.nextInt(3);
        maxWeight = any(-1, 6, 12);
        slowDowns = random.nextInt(3) == 0;
        AsyncBatcher.Builder<Integer, Integer> builder = AsyncBatcher.builder(
                        BatchProcessor.<Integer, Integer>withOutcomes(this::process))
                .maxBatchSize(any(1, 3, 5, -1))
                .maxQueueTime(Duration.ofMillis(any(0, 5, 10)))
                .concurrency(any(1, 1, 2, -1))
                .maxQueueSize(any(4, 20, -1))
                .maxAttempts(any(1, 2, 4))
                .dispatch(MODES.get(random.nextInt(2)))
                .maxBatchWeight(maxWeight, this::weight)
                .time(time)
                .executor(executor)
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        settled++;
                    }
                });
        if (partitions > 1) {
            builder.partitionBy(item -> item % partitions);
        }
        if (random.nextInt(3) == 0) {
            builder.rateLimit(1 + random.nextInt(3), Duration.ofMillis(any(10, 25)));
        }
        if (random.nextInt(3) == 0) {
            builder.batchTimeout(Duration.ofMillis(any(5, 20)));
        }
        batcher = builder.build();
        trace.append(batcher.options()).append(' ').append(partitions).append(" partitions\n");
    }

    private long weight(int item) {
        return 1L + item % 5;
    }

    void run() {
        try {
            for (int step = 0; step < STEPS; step++) {
                step();
                compare();
            }
            end();
        } catch (Throwable failure) {
            throw new AssertionError("after\n" + trace, failure);
        }
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6 -> submit();
            case 7 -> cancel();
            case 8, 9, 10, 11, 12 -> advance(random.nextInt(8));
            case 13, 14, 15, 16, 17 -> runNext();
            case 18 -> {
                log("flush");
                batcher.flush();
            }
            default -> {
                if (batcher.snapshot().paused()) {
                    log("resume");
                    batcher.resume();
                } else {
                    log("pause");
                    batcher.pause();
                }
            }
        }
    }

    private void submit() {
        int id = entries.size();
        boolean bounded = random.nextInt(5) == 0;
        long timeout = 1 + random.nextInt(40) * 1_000_000L;
        Entry entry = new Entry(id, now(), bounded ? now() + timeout : Long.MAX_VALUE);
        log("submit " + id + (bounded ? " for " + timeout : ""));
        entries.add(entry);
        entry.future = bounded ? batcher.process(id, Duration.ofNanos(timeout)) : batcher.process(id);
        if (!entry.open() && entry.end == null) {
            Throwable failure = ByHand.failure(entry.future);
            assertThat(failure).as("item %d", id).isInstanceOf(QueueFullException.class);
            entry.end = "refused";
            settled++;
        }
    }

    private void cancel() {
        List<Entry> open = entries.stream().filter(Entry::open).toList();
        if (!open.isEmpty()) {
            Entry one = open.get(random.nextInt(open.size()));
            log("cancel " + one.id);
            one.end = "cancelled";
            assertThat(one.future.cancel(false)).isTrue();
        }
    }

    private void advance(int millis) {
        log("advance " + millis);
        for (int i = 0; i < millis; i++) {
            time.advanceMillis(1);
            compare();
        }
    }

    private void runNext() {
        if (executor.waiting() > 0) {
            executor.runNext();
        }
    }

    private List<Outcome<Integer>> process(List<Integer> batch) {
        log("call " + batch);
        calls.add(now());
        BatcherOptions options = batcher.options();
        assertThat(batch).isNotEmpty().isSorted().doesNotHaveDuplicates();
        assertThat(batch.stream().map(item -> item % partitions).distinct()).hasSize(1);
        if (options.maxBatchSize() > 0) {
            assertThat(batch).hasSizeLessThanOrEqualTo(options.maxBatchSize());
        }
        if (maxWeight > 0) {
            assertThat(batch.stream().mapToLong(this::weight).sum()).isLessThanOrEqualTo(maxWeight);
        }
        RateLimit limit = options.rateLimit();
        if (limit != null && calls.size() > limit.batches()) {
            assertThat(now() - calls.get(calls.size() - 1 - limit.batches()))
                    .as("calls %s", calls)
                    .isGreaterThanOrEqualTo(limit.per().toNanos());
        }
        List<Entry> items = batch.stream().map(entries::get).toList();
        for (Entry item : items) {
            assertThat(item.end).as("item %d has ended", item.id).isNull();
            assertThat(item.open()).as("item %d is open", item.id).isTrue();
            assertThat(now()).as("item %d is delayed", item.id).isGreaterThanOrEqualTo(item.notBefore);
            assertThat(item.tries).isLessThan(options.maxAttempts());
            if (!item.called && !slowDowns) {
                assertThat(entries.subList(item.id, entries.size()))
                        .as("nobody passes item %d by", item.id)
                        .noneMatch(later -> later.id != item.id
                                && later.id % partitions == item.id % partitions
                                && later.called
                                && !batch.contains(later.id));
            }
        }
        items.forEach(item -> item.called = true);
        int kind = random.nextInt(10);
        if (kind == 0) {
            items.forEach(item -> item.end = "IllegalStateException");
            throw new IllegalStateException();
        } else if (kind == 1 && slowDowns) {
            long pause = random.nextInt(15) * 1_000_000L;
            slowUntil = Math.max(slowUntil, now() + Math.max(LEAST_DELAY, pause));
            throw new RateLimitedException(Duration.ofNanos(pause));
        }
        return items.stream().map(this::outcome).toList();
    }

    private Outcome<Integer> outcome(Entry item) {
        item.tries++;
        switch (random.nextInt(4)) {
            case 0 -> {
                long delay = random.nextInt(3) * 4_000_000L;
                if (item.tries == batcher.options().maxAttempts()) {
                    item.end = "IOException";
                } else {
                    item.notBefore = now() + Math.max(LEAST_DELAY, delay);
                }
                return Outcome.retry(new IOException(), Duration.ofNanos(delay));
            }
            case 1 -> {
                item.end = "IllegalArgumentException";
                return Outcome.failure(new IllegalArgumentException());
            }
            default -> {
                item.end = String.valueOf(2 * item.id);
                return Outcome.success(2 * item.id);
            }
        }
    }

    private void compare() {
        BatcherSnapshot now = batcher.snapshot();
        List<Entry> open = entries.stream().filter(Entry::open).toList();
        assertThat(now.queued() + now.inFlight())
                .as("queued %d, in flight %d", now.queued(), now.inFlight())
                .isEqualTo(open.size());
        assertThat(settled).as("settled").isEqualTo(entries.size() - open.size());
        for (Entry entry : entries) {
            if (entry.open()) {
                assertThat(entry.end).as("item %d", entry.id).isNull();
                assertThat(now()).as("deadline of item %d", entry.id).isLessThan(entry.deadline);
            } else if (entry.end == null || !entry.end.equals("refused")) {
                assertEnd(entry);
            }
        }
        if (executor.waiting() == 0 && now.activeBatches() == 0 && !now.paused()) {
            assertNobodyIsKept(open);
        }
    }

    private void assertEnd(Entry entry) {
        if (entry.end == null) { // settled by the engine
            Throwable failure = ByHand.failure(entry.future);
            assertThat(failure).as("item %d", entry.id).isInstanceOf(BatcherException.class);
            assertThat(((BatcherException) failure).mayHaveRun())
                    .as("item %d may have run", entry.id)
                    .isEqualTo(entry.called);
            if (failure instanceof ItemExpiredException) {
                assertThat(now()).isGreaterThanOrEqualTo(entry.deadline);
            } else if (failure instanceof BatchAbortedException) {
                assertThat(batcher.options().batchTimeout()).isNotNull();
            }
            entry.end = failure.getClass().getSimpleName();
        } else {
            assertThat(ended(entry.future)).as("item %d", entry.id).isEqualTo(entry.end);
        }
    }

    /** Every slot is free: what is queued has a reason to be. */
    private void assertNobodyIsKept(List<Entry> open) {
        BatcherOptions options = batcher.options();
        RateLimit limit = options.rateLimit();
        if (now() < slowUntil
                || (limit != null
                        && calls.stream()
                                        .filter(call ->
                                                now() - call < limit.per().toNanos())
                                        .count()
                                >= limit.batches())) {
            return;
        }
        List<Entry> ready =
                open.stream().filter(entry -> entry.notBefore <= now()).toList();
        if (options.dispatch() == DispatchMode.NATURAL || stopping) {
            assertThat(ready.stream().map(entry -> entry.id)).as("ready").isEmpty();
        }
        assertThat(ready)
                .as("lingers")
                .allMatch(entry ->
                        now() - entry.submitted < options.maxQueueTime().toNanos());
        assertThat(ready.stream()
                        .collect(Collectors.groupingBy(entry -> entry.id % partitions))
                        .values())
                .as("full")
                .allMatch(batch -> options.maxBatchSize() < 0 || batch.size() < options.maxBatchSize())
                .allMatch(batch -> maxWeight < 0
                        || batch.stream().mapToLong(entry -> weight(entry.id)).sum() < maxWeight);
    }

    private void end() {
        boolean force = random.nextInt(4) == 0;
        log("stop " + force);
        stopping = true;
        CompletableFuture<Void> stopped = batcher.stop(force);
        if (force) {
            assertThat(stopped).isCompleted();
        }
        for (int millis = 0; millis < 20_000 && !stopped.isDone(); millis++) {
            executor.runAll();
            compare();
            time.advanceMillis(1);
        }
        assertThat(stopped).isCompleted();
        compare();
        assertThat(entries).noneMatch(Entry::open);
        assertThat(time.alarms()).isZero();
    }

    private static String ended(CompletableFuture<Integer> future) {
        if (future.isCancelled()) {
            return "cancelled";
        }
        Throwable failure = ByHand.failure(future);
        return failure == null
                ? String.valueOf(future.join())
                : failure.getClass().getSimpleName();
    }

    private long now() {
        return time.nanoTime() - start;
    }

    private int any(int... values) {
        return values[random.nextInt(values.length)];
    }

    private void log(String line) {
        trace.append(now() / 1_000_000).append(" ms: ").append(line).append('\n');
    }
}
