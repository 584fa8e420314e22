package io.asyncbatcher.internal.settlement;

import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.RetryRequest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Items and the ends that they are to get, and how far threads have got with giving them. Several threads may be at it: who
 * ends an item twice does no harm.
 */
public final class Ends<T, R extends @Nullable Object> {

    private static final VarHandle STEPS;

    static {
        try {
            STEPS = MethodHandles.lookup().findVarHandle(Ends.class, "steps", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Item<T, R>[] items;
    private final @Nullable Object[] ends;
    private final int count;

    /** All items before this one are settled. Whoever finds more of them says so; a lost update doesn't matter. */
    private volatile int settledTo;

    @SuppressWarnings("unused") // by STEPS
    private int steps;

    /**
     * Items to be settled.
     *
     * @param items the first {@code count} elements count
     * @param ends for each of them its result, {@link Failed}, or {@link RetryRequest} where others have settled it
     */
    public Ends(Item<T, R>[] items, @Nullable Object[] ends, int count) {
        this.items = items;
        this.ends = ends;
        this.count = count;
    }

    public int count() {
        return count;
    }

    public Item<T, R>[] items() {
        return items;
    }

    @Nullable
    public Object[] ends() {
        return ends;
    }

    Item<T, R> item(int i) {
        return items[i];
    }

    @Nullable
    Object end(int i) {
        return ends[i];
    }

    /** Puts the items that were given to the {@code completionExecutor} first, and returns how many. Before any is settled. */
    int sort() {
        int handed = 0;
        for (int i = 0; i < count; i++) {
            Item<T, R> item = items[i];
            if (item.position instanceof Handed) {
                Object end = ends[i];
                items[i] = items[handed];
                ends[i] = ends[handed];
                items[handed] = item;
                ends[handed++] = end;
            }
        }
        return handed;
    }

    /** How a batch with these ends has ended, as listeners hear it. */
    public BatchOutcome outcome() {
        int failed = 0;
        int aborted = 0;
        for (int i = 0; i < count; i++) {
            aborted += ends[i] instanceof Failed failure && failure.outcome() == ItemOutcome.ABORTED ? 1 : 0;
            failed += ends[i] instanceof Failed || ends[i] instanceof RetryRequest ? 1 : 0;
        }
        if (failed == 0) {
            return BatchOutcome.SUCCESS;
        }
        if (failed < count) {
            return BatchOutcome.PARTIAL;
        }
        return aborted == count ? BatchOutcome.ABORTED : BatchOutcome.FAILURE;
    }

    /** Settles the items that nothing hangs on, and returns how many are settled now. */
    int settleUnawaited() {
        int settled = 0;
        for (int i = 0; i < count; i++) {
            step();
            if (items[i].getNumberOfDependents() == 0) {
                settle(i);
                settled++;
            }
        }
        return settled;
    }

    /** Settles items from one to before another; those that are settled don't mind. */
    void settle(int from, int to) {
        for (int i = from; i < to; i++) {
            step();
            if (!items[i].isDone()) {
                settle(i);
            }
        }
    }

    private void settle(int i) {
        if (items[i].position instanceof Handed handed) {
            handed.end();
        } else {
            items[i].end(ends[i]);
        }
    }

    /** Shows that a thread gets on; a lost update doesn't matter. */
    void step() {
        STEPS.setOpaque(this, (int) STEPS.getOpaque(this) + 1);
    }

    /** How far threads have got; a number that changes with each step. */
    int steps() {
        return (int) STEPS.getOpaque(this);
    }

    boolean areSettled() {
        int i = settledTo;
        while (i < count && (items[i].isDone() || ends[i] instanceof RetryRequest)) {
            i++;
        }
        settledTo = i;
        return i == count;
    }

    /** What is not settled yet, copied: the arrays are lent, and a forced stop may be reading them. */
    Ends<T, R> rest() {
        Item<T, R>[] rest = Arrays.copyOf(items, count);
        @Nullable Object[] restEnds = Arrays.copyOf(ends, count);
        int size = 0;
        for (int i = 0; i < count; i++) {
            if (!items[i].isDone()) {
                rest[size] = items[i];
                restEnds[size++] = ends[i];
            }
        }
        return new Ends<>(rest, restEnds, size);
    }
}
