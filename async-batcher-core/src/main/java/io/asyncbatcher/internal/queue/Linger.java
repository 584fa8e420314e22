package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.TimedItem;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.Now;
import org.jspecify.annotations.Nullable;

/**
 * Since when what is queued lingers. An entry knows it; for the items of the {@link TicketQueue} it is noted at one ticket a
 * batch ({@link LingerStamps}). Guarded by the engine's lock.
 */
final class Linger<T, R extends @Nullable Object> {

    private final TicketQueue<T, R> queue;
    private final LingerStamps stamps = new LingerStamps();

    /** The first ticket under the present options. */
    private long configuredAt;

    /** Whether items may have come since the last look without anybody's coming to the clock. */
    private boolean oftenSeen;

    Linger(TicketQueue<T, R> queue) {
        this.queue = queue;
    }

    /** Other options are in force from here on. */
    void reconfigure() {
        configuredAt = queue.tail();
    }

    /** An item that has just been queued has waited for room before. */
    void waitedSince(long ticket, long sinceNanos) {
        if (stamps.isEmpty() || stamps.lastTicket() < ticket) {
            stamps.add(ticket, sinceNanos);
        }
    }

    /**
     * Notes since when items of the queue linger: the first one on an empty queue, and then one a batch, whose thread
     * comes for it, or, where somebody looks often anyway, the next one after each look.
     */
    void stamp(long seenTail, boolean lingers, long batchSize, Now now) {
        if (seenTail == queue.released() || !isStamped()) {
            stamps.clear();
        }
        if (!lingers || seenTail == queue.released()) {
            return;
        }
        if (stamps.isEmpty()) {
            // what was queued under other options has lingered since nobody knows when: long enough
            long lingered = queue.head() < configuredAt ? Nanos.FOREVER : 0;
            stamps.add(queue.head(), now.nanos() - lingered);
        }
        while (!oftenSeen && seenTail > nextStamp(batchSize)) {
            stamps.add(nextStamp(batchSize), now.nanos());
        }
    }

    /** The same for what came since the last look, or will come until the next, where nobody needs to come for a stamp. */
    void stampOftenSeen(long seenTail, boolean lingers, boolean oftenSeen, Now now) {
        boolean unstamped = oftenSeen || this.oftenSeen;
        this.oftenSeen = oftenSeen;
        if (lingers && unstamped && seenTail != queue.released() && stamps.lastTicket() < seenTail) {
            stamps.add(seenTail, now.nanos());
        }
    }

    /** The ticket whose thread comes for the next stamp. */
    long nextStamp(long batchSize) {
        return Math.max(configuredAt, Nanos.saturated(stamps.lastTicket(), batchSize));
    }

    /** Whether there is a stamp of what is queued now. */
    private boolean isStamped() {
        return !stamps.isEmpty() && stamps.lastTicket() >= queue.emptyAt();
    }

    /** Since when the oldest item lingers, of a partition's entries or of the queue. */
    long sinceNanos(@Nullable Entry<T, R> first) {
        return first == null ? stamps.at(queue.head()) : first.sinceNanos;
    }

    /** How long the queue's oldest item has been queued; {@link Nanos#FOREVER} or longer where nobody knows. */
    long queuedNanos(boolean lingers, long nowNanos) {
        Item<?, ?> first = queue.first();
        if (first == null) {
            return 0;
        }
        long stamp = lingers && isStamped() ? stamps.at(queue.head()) : nowNanos - Nanos.FOREVER;
        return nowNanos - submittedNanos(first, stamp);
    }

    /** The same of an entry. */
    static long queuedNanos(@Nullable Entry<?, ?> entry, long nowNanos) {
        return entry == null ? 0 : nowNanos - submittedNanos(entry.item, entry.sinceNanos);
    }

    private static long submittedNanos(Item<?, ?> item, long otherwise) {
        return item instanceof TimedItem<?, ?> timed ? timed.submittedNanos : otherwise;
    }
}
