package io.asyncbatcher.internal.batch;

import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.settlement.EarlySettlement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The items of a batch whose processor reports results as they come: some have got their ends before their attempt's, and
 * keep them however that ends. Guarded by the batch's monitor; what has been reported is written by no attempt, so it is read
 * without the monitor, too, once an attempt's end is claimed.
 */
final class StreamedItems<T, R extends @Nullable Object> extends BatchItems<T, R> {

    private final EarlySettlement<T, R> early;

    /** By identity, because items change their indices when some of them go back to the queue. */
    private final Set<Object> reported = Collections.newSetFromMap(new IdentityHashMap<>());

    StreamedItems(Setup<T> setup, BatchBinding<T, R> binding, EarlySettlement<T, R> early) {
        super(setup, binding);
        this.early = early;
    }

    /** By which items are settled that were reported. */
    EarlySettlement<T, R> early() {
        return early;
    }

    /**
     * Gives an item of the present attempt its end, and leaves it to be settled.
     *
     * @param end its result, or {@link Failed}
     */
    void report(int i, @Nullable Object end) {
        Item<T, R> item = items()[i];
        reported.add(item);
        ends()[i] = end;
        early.add(item, end);
    }

    @Override
    boolean isReported(int i) {
        return reported.contains(items()[i]);
    }

    /** It needs no slot any more. */
    @Override
    boolean contains(Object item) {
        return !reported.contains(item) && super.contains(item);
    }

    /** These arrays are lent by nobody, and hold what was reported. */
    @Override
    @Nullable
    Object[] newEnds() {
        return ends();
    }

    /** In the middle of those that were not reported. */
    @Override
    int middle() {
        int left = 0;
        for (int i = from(); i < to(); i++) {
            left += isReported(i) ? 0 : 1;
        }
        int middle = from();
        for (int half = left / 2; half > 0; middle++) {
            half -= isReported(middle) ? 0 : 1;
        }
        return middle;
    }
}
