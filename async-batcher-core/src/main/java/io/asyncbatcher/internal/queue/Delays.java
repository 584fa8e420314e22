package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.thread.Deadlines;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Entries that come back from a batch and stand aside until their delay is over. Guarded by the engine's lock. */
final class Delays<T, R extends @Nullable Object> {

    private final Deadlines deadlines;
    private final TreeSet<Entry<T, R>> entries = new TreeSet<>(Entry.BY_SUBMISSION);

    Delays(Deadlines deadlines) {
        this.deadlines = deadlines;
    }

    /** Adds an entry until a moment. */
    void add(Entry<T, R> entry, long untilNanos, Consumer<Entry<T, R>> whenOver) {
        deadlines.add(untilNanos, () -> !entry.delayed, () -> whenOver.accept(entry));
        entries.add(entry);
        entry.delayed = true; // last: if memory was short, the deadline is over
    }

    /** Removes an entry: false if it isn't here. */
    boolean remove(Entry<T, R> entry) {
        if (!entry.delayed) {
            return false;
        }
        entries.remove(entry);
        entry.delayed = false;
        return true;
    }

    /** The one that was submitted first, or null. */
    @Nullable
    Entry<T, R> first() {
        return entries.isEmpty() ? null : entries.first();
    }

    /** Adds all to a list. */
    void addTo(List<Entry<T, R>> all) {
        all.addAll(entries);
    }
}
