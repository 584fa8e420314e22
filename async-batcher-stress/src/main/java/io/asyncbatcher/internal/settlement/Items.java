package io.asyncbatcher.internal.settlement;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.stress.QuietOwner;

/** Items for settlements. */
final class Items {

    private Items() {}

    /** Two items whose results are 1 and 2. */
    @SuppressWarnings("unchecked") // filled with its own only
    static Ends<Integer, Integer> two(QuietOwner owner) {
        Item<Integer, Integer>[] items =
                (Item<Integer, Integer>[]) new Item<?, ?>[] {new Item<>(owner, 1), new Item<>(owner, 2)};
        return new Ends<>(items, new Object[] {1, 2}, 2);
    }
}
