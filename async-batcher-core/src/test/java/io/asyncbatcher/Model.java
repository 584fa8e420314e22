package io.asyncbatcher;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The contract as a plain program: what a batcher must do, one step after the other, with no thought for speed. */
final class Model {

    static final String STOPPED = "BatcherStoppedException false";
    static final String FULL = "QueueFullException false";
    static final String REFUSED_BY_EXECUTOR = "BatchAbortedException false";
    static final String ABORTED = "BatchAbortedException true";

    /** An item and how it ended, in words; null while it hasn't. */
    static final class Entry {
        final int id;
        final long submitted;
        final Long deadline;
        Group group;
        String end;

        Entry(int id, long submitted, Long deadline) {
            this.id = id;
            this.submitted = submitted;
            this.deadline = deadline;
        }
    }

    /** A batch from its hand-over to the executor on. */
    static final class Group {
        final List<Entry> entries = new ArrayList<>();
        boolean begun;
        boolean dropped;
        boolean abandoned;

        List<Integer> live() {
            return entries.stream()
                    .filter(entry -> entry.end == null)
                    .map(entry -> entry.id)
                    .toList();
        }
    }

    enum State {
        RUNNING,
        STOPPING,
        STOPPED
    }

    BatcherOptions options;
    State state = State.RUNNING;
    boolean paused;
    boolean executorRejectsNext;
    long now;
    long accepted;
    long fullRejections;
    long stoppedRejections;
    long dispatched;
    final List<Entry> queued = new ArrayList<>();
    /** What the executor holds, in order, dropped batches included. */
    final Deque<Group> handed = new ArrayDeque<>();
    /** What holds a slot. */
    final List<Group> active = new ArrayList<>();

    private int lastFlushed = -1;
    private boolean reconfigured;
    private Long graceEnd;
    private long notEmptySince;

    Model(BatcherOptions options) {
        this.options = options;
    }

    Entry submit(int id, Long timeoutNanos) {
        Entry entry = new Entry(id, now, timeoutNanos == null ? null : now + timeoutNanos);
        if (timeoutNanos != null && timeoutNanos <= 0) {
            entry.end = "ItemExpiredException false";
        } else if (state != State.RUNNING) {
            entry.end = STOPPED;
            stoppedRejections++;
        } else if (options.maxQueueSize() > 0 && queued.size() >= options.maxQueueSize()) {
            entry.end = FULL;
            fullRejections++;
        } else {
            accepted++;
            if (queued.isEmpty()) {
                notEmptySince = now;
                reconfigured = false;
            }
            queued.add(entry);
            dispatch();
        }
        return entry;
    }

    /** The caller ends its own item. */
    void end(Entry entry, String end) {
        settle(entry, end);
        dispatch();
    }

    void flush() {
        if (state == State.RUNNING && !paused && !queued.isEmpty()) {
            lastFlushed = queued.get(queued.size() - 1).id;
            dispatch();
        }
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        dispatch();
    }

    void reconfigure(BatcherOptions changed) {
        options = changed;
        reconfigured = true;
        dispatch();
    }

    void start() {
        if (state == State.STOPPED) {
            state = State.RUNNING;
            graceEnd = null;
        }
    }

    void stop(boolean force) {
        if (state == State.STOPPED) {
            return;
        }
        state = State.STOPPING;
        paused = false;
        if (force) {
            List.copyOf(queued).forEach(entry -> settle(entry, STOPPED));
            for (Group group : List.copyOf(active)) {
                group.entries.forEach(entry -> settle(entry, group.begun ? ABORTED : STOPPED));
                if (group.begun) {
                    group.abandoned = true;
                } else {
                    group.dropped = true;
                    active.remove(group);
                }
            }
        }
        dispatch();
    }

    void stop(long graceNanos) {
        stop(graceNanos <= 0);
        if (state == State.STOPPING) {
            graceEnd = graceEnd == null ? now + graceNanos : Math.min(graceEnd, now + graceNanos);
        }
    }

    /** The executor runs its next task; returns the batch if the processor is called. */
    Optional<Group> runNext() {
        Group group = handed.remove();
        if (group.dropped) {
            return Optional.empty();
        }
        if (group.live().isEmpty()) {
            finish(group, entry -> "never");
            return Optional.empty();
        }
        group.begun = true;
        return Optional.of(group);
    }

    /** The processor has returned. */
    void finish(Group group, Function<Entry, String> ends) {
        active.remove(group);
        group.entries.forEach(entry -> settle(entry, ends.apply(entry)));
        dispatch();
    }

    void advance(long nanos) {
        long end = now + nanos;
        for (Long next = nextEvent(); next != null && next <= end; next = nextEvent()) {
            now = next;
            for (Entry entry : live()) {
                if (entry.deadline != null && entry.deadline <= now) {
                    boolean begun = entry.group != null && entry.group.begun;
                    settle(entry, "ItemExpiredException " + begun);
                }
            }
            if (state == State.STOPPING && graceEnd != null && graceEnd <= now) {
                stop(true);
            }
            dispatch();
        }
        now = end;
    }

    List<Entry> live() {
        List<Entry> live = new ArrayList<>(queued);
        active.forEach(group ->
                group.entries.stream().filter(entry -> entry.end == null).forEach(live::add));
        return live;
    }

    long abandoned() {
        return active.stream().filter(group -> group.abandoned).count();
    }

    private Long nextEvent() {
        List<Long> times = new ArrayList<>();
        live().stream().map(entry -> entry.deadline).filter(Objects::nonNull).forEach(times::add);
        if (state == State.STOPPING && graceEnd != null) {
            times.add(graceEnd);
        }
        if (mayDispatch()) {
            times.add(queued.get(0).submitted + options.maxQueueTime().toNanos());
        }
        return times.stream().min(Comparator.naturalOrder()).orElse(null);
    }

    private void settle(Entry entry, String end) {
        if (entry.end == null) {
            entry.end = end;
            queued.remove(entry);
        }
    }

    private boolean mayDispatch() {
        return !queued.isEmpty()
                && !paused
                && state != State.STOPPED
                && (options.concurrency() < 0 || active.size() < options.concurrency());
    }

    private boolean isDue() {
        Entry first = queued.get(0);
        return state == State.STOPPING
                || reached(options.maxBatchSize())
                || reached(options.maxQueueSize())
                || now - first.submitted >= options.maxQueueTime().toNanos()
                || first.id <= lastFlushed;
    }

    private boolean reached(int limit) {
        return limit > 0 && queued.size() >= limit;
    }

    /**
     * Follows an engine that dispatched before the head's own time was over: {@code maxQueueTime} is an upper bound. An
     * item may be taken for as old as any that was there since the queue was last empty, and for any age if there was a
     * reconfiguration since.
     */
    boolean dispatchEarly() {
        boolean may =
                mayDispatch() && (now - notEmptySince >= options.maxQueueTime().toNanos() || reconfigured);
        if (may) {
            bind();
            dispatch();
        }
        return may;
    }

    private void dispatch() {
        while (mayDispatch() && isDue()) {
            bind();
        }
        if (state == State.STOPPING && live().isEmpty() && active.size() == abandoned()) {
            state = State.STOPPED;
        }
    }

    private void bind() {
        int size = options.maxBatchSize() < 0 ? queued.size() : Math.min(queued.size(), options.maxBatchSize());
        Group group = new Group();
        List<Entry> head = queued.subList(0, size);
        group.entries.addAll(head);
        head.clear();
        dispatched++;
        group.entries.forEach(entry -> entry.group = group);
        if (executorRejectsNext && state == State.RUNNING) {
            executorRejectsNext = false;
            group.entries.forEach(entry -> settle(entry, REFUSED_BY_EXECUTOR));
        } else {
            handed.add(group);
            active.add(group);
        }
    }
}
