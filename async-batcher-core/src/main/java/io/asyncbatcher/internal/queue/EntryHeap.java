package io.asyncbatcher.internal.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries that come in any order, the one that was submitted first on top. A pairing heap (Fredman, Sedgewick, Sleator and
 * Tarjan): to add one takes constant time, to remove one, wherever it is, amortised O(log n), and nothing is allocated. An
 * entry's {@code child} is the first of those below it, {@code next} and {@code previous} are those beside it; the first of
 * them has the one above as {@code previous}. Used under the engine's lock.
 */
final class EntryHeap<T, R extends @Nullable Object> {

    private @Nullable Entry<T, R> top;

    /** The entry that was submitted first, or null. */
    @Nullable
    Entry<T, R> first() {
        return top;
    }

    void add(Entry<T, R> entry) {
        entry.heaped = true;
        top = top == null ? entry : meld(top, entry);
    }

    void remove(Entry<T, R> entry) {
        Entry<T, R> below = meldAll(entry.child);
        if (entry == top) {
            top = below;
        } else {
            cut(entry);
            top = top == null || below == null ? top : meld(top, below);
        }
        entry.child = null;
        entry.heaped = false;
    }

    /** Adds all entries to a list, in any order. */
    void addTo(List<Entry<T, R>> all) {
        int next = all.size();
        addBeside(top, all);
        while (next < all.size()) {
            addBeside(all.get(next++).child, all);
        }
    }

    private static <T, R extends @Nullable Object> void addBeside(@Nullable Entry<T, R> first, List<Entry<T, R>> all) {
        for (Entry<T, R> entry = first; entry != null; entry = entry.next) {
            all.add(entry);
        }
    }

    private static <T, R extends @Nullable Object> void cut(Entry<T, R> entry) {
        Entry<T, R> before = entry.previous;
        Entry<T, R> after = entry.next;
        if (before != null && before.child == entry) {
            before.child = after;
        } else if (before != null) {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        entry.previous = null;
        entry.next = null;
    }

    /** Puts one top below another. */
    private static <T, R extends @Nullable Object> Entry<T, R> meld(Entry<T, R> one, Entry<T, R> other) {
        Entry<T, R> above = one.order < other.order ? one : other;
        Entry<T, R> below = above == one ? other : one;
        Entry<T, R> beside = above.child;
        below.previous = above;
        below.next = beside;
        if (beside != null) {
            beside.previous = below;
        }
        above.child = below;
        return above;
    }

    /** Makes one heap of those beside each other: in pairs from the left, then all pairs from the right. */
    private static <T, R extends @Nullable Object> @Nullable Entry<T, R> meldAll(@Nullable Entry<T, R> first) {
        Entry<T, R> pairs = null;
        for (Entry<T, R> one = first; one != null; ) {
            Entry<T, R> other = one.next;
            Entry<T, R> rest = other == null ? null : other.next;
            Entry<T, R> pair = detached(one);
            pair = other == null ? pair : meld(pair, detached(other));
            pair.next = pairs;
            pairs = pair;
            one = rest;
        }
        Entry<T, R> all = null;
        while (pairs != null) {
            Entry<T, R> pair = pairs;
            pairs = pair.next;
            pair.next = null;
            all = all == null ? pair : meld(all, pair);
        }
        return all;
    }

    private static <T, R extends @Nullable Object> Entry<T, R> detached(Entry<T, R> entry) {
        entry.previous = null;
        entry.next = null;
        return entry;
    }
}
