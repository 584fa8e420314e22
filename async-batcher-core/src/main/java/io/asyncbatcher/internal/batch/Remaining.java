package io.asyncbatcher.internal.batch;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.RetryRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Those items of a half that are still to be settled: what its call is made for.
 *
 * @param indices theirs in the batch
 * @param values theirs, in the same order
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
record Remaining<T>(int[] indices, List<T> values) {

    /** Looks for them, under the batch's monitor. */
    @SuppressWarnings("unchecked") // what was queued with a value of T
    static <T, R extends @Nullable Object> Remaining<T> of(BatchItems<T, R> items) {
        int length = items.to() - items.from();
        int[] indices = new int[length];
        List<T> values = new ArrayList<>(length);
        for (int i = items.from(); i < items.to(); i++) {
            Item<T, R> item = items.items()[i];
            Object value = item.value;
            if (items.hasOwnEnd(i)) {
                continue;
            }
            if (value != null && item.mayRun()) {
                indices[values.size()] = i;
                values.add((T) value);
            } else {
                // whoever has ended it settles it, if that is still to come
                items.ends()[i] = RetryRequest.atOnce(items.attempts(i));
            }
        }
        return new Remaining<>(Arrays.copyOf(indices, values.size()), values);
    }
}
