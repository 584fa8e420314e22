package io.asyncbatcher.internal.batch;

import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.RetryRequest;
import io.asyncbatcher.internal.queue.Chunk;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.queue.Late;
import io.asyncbatcher.internal.queue.Load;
import io.asyncbatcher.internal.settlement.Ends;
import io.asyncbatcher.internal.thread.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The items of one batch and the ends that they have got so far: results, {@link Failed} or {@link RetryRequest}.
 *
 * <p>Guarded by the batch's monitor, but for the ends: those are written by the thread on which an attempt ended, and read by
 * others only where that thread can't write any more, but for items outside the present attempt that a cut-off gives back.
 */
class BatchItems<T, R extends @Nullable Object> {

    private final Setup<T> setup;
    private final BatchBinding<T, R> binding;
    private final Load<T, R> load;
    private Item<T, R> @Nullable [] items; // null until they are taken out of the queue
    private @Nullable Object[] ends = {}; // lent by a frame, as the items are, and so longer than needed
    private int count;
    private int size; // the number of items that the batch began with
    private int withEntry; // how many of the first ones have an entry
    private boolean someGoBack;
    private int wentBack;
    private int retried; // how many of those were tried
    private @Nullable Bisection halves; // null until an attempt fails and is halved

    BatchItems(Setup<T> setup, BatchBinding<T, R> binding) {
        this.setup = setup;
        this.binding = binding;
        this.load = binding.load();
    }

    BatchBinding<T, R> binding() {
        return binding;
    }

    // ---- out of the queue ----

    boolean isTaken() {
        return items != null;
    }

    /** Takes the items for the first attempt and returns the values of those that it is to be made for. */
    List<T> takeFor(Frame frame) {
        List<T> values = new ArrayList<>(load.size());
        // a stage ends when its thread has long gone on, and reports come before it has
        boolean lent = !setup.call().inStage() && !setup.call().streams();
        items = lent ? lentItems(frame) : newItems(load.size());
        ends = lent ? frame.lendEnds(load.size()) : new @Nullable Object[load.size()];
        take(values);
        return values;
    }

    /** Takes what is left, for a batch that never begins. */
    void takeRest() {
        if (items == null) {
            items = newItems(load.size());
        }
        take(null);
    }

    /** Empties the cells into the items; settled ones are left out. */
    @SuppressWarnings("unchecked") // what was queued with a value of T
    private void take(@Nullable List<T> values) {
        Item<T, R>[] live = items();
        for (Item<T, R> item = load.poll(); item != null; item = load.poll()) {
            Object value = item.value;
            boolean fresh = Entry.of(item) == null;
            if (item.position instanceof Chunk) {
                item.position = null;
            }
            if (value != null && (values != null ? item.begin() : !item.isDone())) {
                withEntry += fresh ? 0 : 1;
                live[count++] = item;
                if (values != null) {
                    values.add((T) value);
                }
            }
        }
        size = count;
    }

    @SuppressWarnings("unchecked") // filled with its own only
    private Item<T, R>[] lentItems(Frame frame) {
        return (Item<T, R>[]) frame.lendItems(load.size(), Item<?, ?>[]::new);
    }

    @SuppressWarnings("unchecked") // filled with its own only
    Item<T, R>[] newItems(int length) {
        return (Item<T, R>[]) new Item<?, ?>[length];
    }

    /** Whether cells were empty yet when their items were to be taken. By the thread that has come, or later ones. */
    boolean hasLate() {
        return load.hasLate();
    }

    @Nullable
    Late takeLate() {
        return load.takeLate();
    }

    // ---- what is there ----

    /** Once they are taken. */
    Item<T, R>[] items() {
        return Objects.requireNonNull(items);
    }

    @Nullable
    Object[] ends() {
        return ends;
    }

    int count() {
        return count;
    }

    /** The number of items that the batch began with. */
    int size() {
        return size;
    }

    /** How many have gone back because they were tried and are to be tried again. */
    int retried() {
        return retried;
    }

    /** The index of the first item of the present attempt, and the index after its last. */
    int from() {
        return halves == null ? 0 : halves.from();
    }

    int to() {
        return halves == null ? count : halves.to();
    }

    /** How often an item was tried before this attempt. */
    int attempts(int i) {
        Entry<T, R> entry = Entry.of(items()[i]);
        return entry == null ? 0 : entry.attempts;
    }

    boolean contains(Object item) {
        for (int i = 0; items != null && i < count; i++) {
            if (items[i] == item) {
                return true;
            }
        }
        return load.contains(item);
    }

    /** How many are not settled. */
    int unsettled() {
        if (items == null) {
            return load.unsettled();
        }
        int unsettled = 0;
        for (int i = 0; i < count; i++) {
            unsettled += items[i].isDone() ? 0 : 1;
        }
        return unsettled;
    }

    // ---- halves ----

    /** The present attempt has failed and is to be made for its first half. */
    void halve() {
        if (halves == null) {
            halves = new Bisection(count);
            ends = newEnds(); // the lent one may hold those of an earlier batch
        }
        halves.halve(middle());
    }

    @Nullable
    Object[] newEnds() {
        return new @Nullable Object[count];
    }

    /** Where the present attempt is halved. */
    int middle() {
        return from() + (to() - from()) / 2;
    }

    /** The present attempt has ended: false if there is no further one. */
    boolean nextHalf() {
        return halves != null && halves.next();
    }

    /** Whether an item has got its end before its attempt's. */
    boolean isReported(int i) {
        return false;
    }

    /** Whether an item of a half is not in its call: it failed alone in an earlier one, or was ended by others. */
    boolean hasOwnEnd(int i) {
        return isReported(i) || (halves != null && (ends[i] instanceof Failed || ends[i] instanceof RetryRequest));
    }

    // ---- ends ----

    /** Fails the items of the present attempt, but for those that have got their own ends. */
    void fail(Failed failed) {
        for (int i = from(); i < to(); i++) {
            if (!hasOwnEnd(i)) {
                ends[i] = failed;
            }
        }
    }

    /** Items of the present attempt and of later ones go back to be tried as often as before. */
    void sendBack() {
        someGoBack = true;
        for (int i = from(); i < count; i++) {
            ends[i] = isReported(i) ? ends[i] : RetryRequest.atOnce(attempts(i));
        }
    }

    /** Some items of the present attempt are to be tried again. */
    void noteRetries() {
        someGoBack = true;
    }

    /** Fails all items that have no end from an earlier attempt, in a copy of the ends. */
    void failRest(Failed failed) {
        @Nullable Object[] all = Arrays.copyOf(ends, count);
        for (int i = from(); i < count; i++) {
            all[i] = isReported(i) ? all[i] : failed;
        }
        ends = all;
    }

    /** From here on these are all: the others are settled, and the arrays that were lent are needed again. */
    void keepOnly(Ends<T, R> unsettled) {
        items = unsettled.items();
        ends = unsettled.ends();
        count = unsettled.count();
    }

    /** All of them, to be settled. */
    Ends<T, R> all() {
        return new Ends<>(items(), ends, count);
    }

    // ---- back to the queue ----

    /** The items that are to be tried again leave the batch, unless they are settled. True if some have left it. */
    boolean giveBack(BiConsumer<Entry<T, R>, RetryRequest> queue) {
        if (!someGoBack) {
            return false;
        }
        for (int i = 0; i < count; i++) { // all of them first, because an error may come between
            if (ends[i] instanceof RetryRequest request) {
                giveBack(queue, i, request);
            }
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (!isGivenBack(i)) {
                items()[kept] = items()[i];
                ends[kept++] = ends[i];
            }
        }
        count = kept;
        return wentBack > 0;
    }

    /** Whether an item has gone back; asked of those only that have wanted to. */
    boolean isGivenBack(int i) {
        return ends[i] == RetryRequest.MET;
    }

    /** How many items with an entry have left the queue for good, once the batch has ended. */
    int gone() {
        return load.entryCount() - wentBack;
    }

    /** Gives an item back and counts it, once however often this is called: false if it is settled. */
    boolean giveBack(BiConsumer<Entry<T, R>, RetryRequest> queue, int i, RetryRequest request) {
        if (isGivenBack(i)) {
            return true;
        }
        if (!items()[i].giveBack()) {
            return false;
        }
        boolean tried = request.attempts() > attempts(i);
        queue.accept(binding.entryOf(items()[i], i - withEntry, setup.time()), request);
        ends[i] = RetryRequest.MET;
        wentBack++;
        retried += tried ? 1 : 0;
        return true;
    }
}
