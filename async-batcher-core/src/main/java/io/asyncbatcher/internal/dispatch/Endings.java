package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.settlement.EarlySettlement;
import io.asyncbatcher.internal.settlement.Ends;
import io.asyncbatcher.internal.settlement.Settlement;
import io.asyncbatcher.internal.thread.Deadlines;
import io.asyncbatcher.internal.thread.Ending;
import io.asyncbatcher.internal.thread.Now;
import io.asyncbatcher.internal.thread.Progress;
import io.asyncbatcher.internal.thread.Watchdog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to be settled outside the lock, without a batch or by one that has returned. A stop waits for it, and
 * the {@link Watchdog} looks whether it gets on. Guarded by the engine's lock.
 */
public final class Endings<T, R extends @Nullable Object> {

    /** How long a completionExecutor has for what a timeout or a forced stop ends. */
    private static final long UNBEGUN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Items and their failures. */
    static final class Failures<T, R extends @Nullable Object> {

        private final ArrayList<Item<T, R>> items = new ArrayList<>();
        private final ArrayList<Failed> ends = new ArrayList<>();

        /** Makes room for so many more, so that adding them needs no memory. */
        void reserve(int more) {
            items.ensureCapacity(items.size() + more);
            ends.ensureCapacity(ends.size() + more);
        }

        void add(Item<T, R> item, Failed end) {
            items.add(item);
            ends.add(end);
        }
    }

    private final EnginePorts<T, R> engine;
    private final Setup<T> setup;
    private final Slots<T, R> slots;
    private final Lifecycle lifecycle;
    private final Deadlines deadlines;
    private final Now now;
    private final Effects<T, R> effects;

    /** What the watchdog has seen; null while it doesn't look, as in an idle batcher, of which there may be many. */
    private @Nullable Progress progress;

    /** What is settled without a batch. By identity: an item may be in it. */
    private @Nullable Set<Ending> open;

    Endings(
            EnginePorts<T, R> engine,
            Setup<T> setup,
            Slots<T, R> slots,
            Lifecycle lifecycle,
            Deadlines deadlines,
            Now now,
            Effects<T, R> effects) {
        this.engine = engine;
        this.setup = setup;
        this.slots = slots;
        this.lifecycle = lifecycle;
        this.deadlines = deadlines;
        this.now = now;
        this.effects = effects;
    }

    /** Somebody settles something outside the lock, and a stop has to wait for it. */
    void open(Ending ending) {
        if (open == null) {
            open = Collections.newSetFromMap(new IdentityHashMap<>());
        }
        open.add(ending);
    }

    /** It is settled; more than once does no harm. */
    public void close(Ending ending) {
        if (open != null) {
            open.remove(ending);
        }
    }

    boolean isEmpty() {
        return open == null || open.isEmpty();
    }

    /** Leaves items that are in no batch to fail outside the lock. */
    @SuppressWarnings("unchecked") // filled from their like
    void fail(Failures<T, R> failures) {
        if (!failures.items.isEmpty()) {
            Item<T, R>[] items = (Item<T, R>[]) failures.items.toArray(new Item<?, ?>[0]);
            settle(new Settlement<>(setup, engine, new Ends<>(items, failures.ends.toArray(), items.length), null));
        }
    }

    /** Leaves items to be settled outside the lock. */
    void settle(Settlement<T, R> aside) {
        aside.sort();
        if (setup.completionExecutor() != null) {
            // it is taken to have lost what it hasn't settled by then, which is settled by other means
            deadlines.add(now.nanos() + UNBEGUN_NANOS, aside::isFinished, () -> effects.settle(aside));
        }
        open(aside);
        effects.settle(aside);
    }

    /** Has it looked at from now on that what is to be settled is settled. */
    public void watch() {
        if (progress == null) {
            Progress unseen = new Progress(); // first, because it may find no memory
            Watchdog.over(engine);
            progress = unseen;
        }
    }

    /** Looks whether what is to be settled gets on; returns what doesn't. */
    public List<Ending> look() {
        List<Ending> stuck = new ArrayList<>(0);
        boolean left = false;
        Progress looks = progress == null ? new Progress() : progress; // null where this look comes late
        looks.beginLook();
        for (Batch<T, R> batch : slots.unsettled()) {
            Settlement<T, R> settlement = batch.settlement;
            boolean byTasks = settlement != null && settlement.isByTasks(); // then only a stop waits for their threads
            if (!batch.state.isToReturn() && (!byTasks || lifecycle.isStopping())) {
                left = true;
                if (settlement != null && looks.isStuck(settlement, setup.looks())) {
                    stuck.add(settlement);
                }
            }
            EarlySettlement<T, R> early = batch.early();
            if (early != null && batch.state.isToReturn() && !early.isSettled()) {
                left = true;
                if (looks.isStuck(early, setup.looks())) {
                    stuck.add(early);
                }
            }
        }
        for (Ending ending : open == null ? Set.<Ending>of() : open) {
            left = true;
            boolean byTasks = ending instanceof Settlement<?, ?> settlement && settlement.isByTasks();
            if (!byTasks && looks.isStuck(ending, setup.looks())) {
                stuck.add(ending);
            }
        }
        if (!left) {
            progress = null;
            Watchdog.forget(engine);
        }
        return stuck;
    }
}
