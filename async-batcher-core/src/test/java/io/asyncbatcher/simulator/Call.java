package io.asyncbatcher.simulator;

import java.util.List;

/** One call of the processor. */
final class Call {

    final int number;
    final int tick;
    final List<Tracked> items;
    /** The task it runs in; null if another thread goes on with a batch. */
    final Handed task;

    final long begun;
    /** Not the first of its batch. */
    final boolean half;

    /** Those for which it was the first. */
    private final List<Tracked> fresh;

    boolean running = true;
    /** Of the first call of a batch: how many followed. */
    int more;

    Call(int number, int tick, List<Tracked> items, Handed task, long begun, boolean half) {
        this.number = number;
        this.tick = tick;
        this.items = items;
        this.task = task;
        this.begun = begun;
        this.half = half;
        fresh = items.stream().filter(item -> !item.called).toList();
    }

    boolean firstTime(Tracked item) {
        return fresh.contains(item);
    }
}
