package io.asyncbatcher.internal.batch;

import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.RetryRequest;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.settlement.Ends;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the items of a batch that was cut off: those that have got their ends keep them, the others fail or go back
 * to the queue. Guarded by the batch's monitor; the arrays of the batch are not changed, because its thread may still write
 * to them, but for the ends of items that go back.
 *
 * @param items of the batch
 * @param fresh the failure of items that no processor was called with
 * @param ran the failure of the others
 * @param begun whether the processor was called with items of this batch
 */
record CutOff<T, R extends @Nullable Object>(BatchItems<T, R> items, Failed fresh, Failed ran, boolean begun) {

    /**
     * The ends of the items that stay.
     *
     * @param back where items go that are to be tried again, or whose call had not begun; null if they fail too
     */
    Ends<T, R> ends(@Nullable BiConsumer<Entry<T, R>, RetryRequest> back) {
        int count = items.count();
        Item<T, R>[] settled = items.newItems(count);
        @Nullable Object[] ends = Arrays.copyOf(items.ends(), count);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            Item<T, R> item = items.items()[i];
            RetryRequest request = requestOf(i, ends[i]);
            boolean goesBack =
                    request != null && (items.isGivenBack(i) || (back != null && items.giveBack(back, i, request)));
            if (!goesBack) {
                settled[kept] = item;
                ends[kept++] = keepsEnd(i, request) ? ends[i] : failure(item);
            }
        }
        return new Ends<>(settled, ends, kept);
    }

    /** Whether an item has got an end by an earlier attempt, or was reported by the present one. */
    private boolean keepsEnd(int i, @Nullable RetryRequest request) {
        return items.isReported(i) || (i < items.from() && request == null);
    }

    private Failed failure(Item<T, R> item) {
        Entry<T, R> entry = Entry.of(item);
        return begun || (entry != null && entry.called) ? ran : fresh;
    }

    /** The wish of an item that needn't fail: its call had not begun, or an earlier one has asked for another. */
    private @Nullable RetryRequest requestOf(int i, @Nullable Object end) {
        if (i >= items.to() && !items.isReported(i)) {
            return RetryRequest.atOnce(items.attempts(i));
        }
        return i < items.from() && end instanceof RetryRequest request ? request : null;
    }
}
