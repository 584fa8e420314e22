package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.thread.Deadlines;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Entries that come back from a batch and stand aside until their delay is over. Guarded by the engine's lock. */
final class Delays<T, R extends @Nullable Object> {

    private final Deadlines deadlines;
    private @Nullable EntryHeap<T, R> entries; // made for the first

    Delays(Deadlines deadlines) {
        this.deadlines = deadlines;
    }

    /** Adds an entry until a moment. */
    void add(Entry<T, R> entry, long untilNanos, Consumer<Entry<T, R>> whenOver) {
        if (entries == null) {
            entries = new EntryHeap<>();
        }
        entry.delayed = true;
        entries.add(entry);
        deadlines.add(untilNanos, () -> !entry.delayed, () -> whenOver.accept(entry));
    }

    /** Removes an entry: false if it isn't here. */
    boolean remove(Entry<T, R> entry) {
        if (!entry.delayed || entries == null) {
            return false;
        }
        entry.delayed = false;
        entries.remove(entry);
        return true;
    }

    /** The one that was submitted first, or null. */
    @Nullable
    Entry<T, R> first() {
        return entries == null ? null : entries.first();
    }

    /** Adds all to a list, in any order. */
    void addTo(List<Entry<T, R>> all) {
        if (entries != null) {
            entries.addTo(all);
        }
    }
}
