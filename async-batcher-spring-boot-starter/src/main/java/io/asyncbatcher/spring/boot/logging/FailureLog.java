package io.asyncbatcher.spring.boot.logging;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.BatchContext;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.RateLimitedException;
import io.asyncbatcher.RejectionReason;
import io.asyncbatcher.TimeSource;
import io.asyncbatcher.spring.boot.settings.Notation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Warns of the batches that fail in one batcher and of the items that get no result, for those callers who don't look at
 * their futures. The first failure is told at once, what follows within ten seconds in one line. A line has counts and
 * classes of exceptions; messages are left out, because they may hold data.
 *
 * <p>Safe for use by many threads. Nothing is logged under the lock, nor on the timer's thread.
 */
final class FailureLog implements BatcherListener {

    private static final Log log = LogFactory.getLog(FailureLog.class);
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_TYPES = 5;

    private final String batcher;
    private final TimeSource time;

    // since the last line
    @GuardedBy("this")
    private final Map<String, Failures> batches = new LinkedHashMap<>();

    @GuardedBy("this")
    private final Map<ItemOutcome, Long> items = new EnumMap<>(ItemOutcome.class);

    @GuardedBy("this")
    private final Map<RejectionReason, Long> rejected = new EnumMap<>(RejectionReason.class);

    @GuardedBy("this")
    private @Nullable Throwable last;

    /** The items of batches that have been told of, which are settled next. */
    @GuardedBy("this")
    private long toldItems;

    /** Ends the time for which nothing is logged; null = the next failure is logged at once. */
    @GuardedBy("this")
    private TimeSource.@Nullable Alarm quiet;

    @GuardedBy("this")
    private boolean closed;

    /** Batches that failed alike. */
    private static final class Failures {
        private long batches;
        private long items;
    }

    /** What is logged at one time. */
    private record Line(String text, @Nullable Throwable last) {}

    FailureLog(String batcher, TimeSource time) {
        this.batcher = batcher;
        this.time = time;
    }

    // ---- what is told ----

    @Override
    public BatchContext onBatch(String name, DispatchReason reason, int size, List<ListenerContext> callers) {
        return new Failing(size);
    }

    /** One batch, until it is known how it ended; makes nothing current on its threads. */
    private final class Failing implements BatchContext {

        private final int size;

        Failing(int size) {
            this.size = size;
        }

        @Override
        public Scope open() {
            return () -> {};
        }

        @Override
        public void onFinished(BatchOutcome outcome, @Nullable Throwable failure) {
            // Where the processor has returned, some items may be tried again; those that fail are told of by
            // themselves.
            if (outcome != BatchOutcome.SUCCESS && failure != null && !(failure instanceof RateLimitedException)) {
                write(noteBatch(outcome, size, failure));
            }
        }
    }

    @Override
    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
        switch (outcome) {
            case FAILURE, ABORTED, EXPIRED -> write(noteItem(outcome));
            case SUCCESS, CANCELLED -> {}
        }
    }

    @Override
    public void onRejected(String name, RejectionReason reason) {
        write(noteRejected(reason));
    }

    // ---- what is noted ----

    private synchronized @Nullable Line noteBatch(BatchOutcome outcome, int size, Throwable failure) {
        String type = failure.getClass().getName();
        Failures alike = batches.computeIfAbsent(
                batches.size() < MOST_TYPES || batches.containsKey(type) ? type : "others", first -> new Failures());
        alike.batches++;
        alike.items += size;
        toldItems += outcome == BatchOutcome.PARTIAL ? 0 : size;
        last = failure;
        return noted();
    }

    private synchronized @Nullable Line noteItem(ItemOutcome outcome) {
        if (outcome != ItemOutcome.EXPIRED && toldItems > 0) {
            toldItems--;
            return null;
        }
        items.merge(outcome, 1L, Long::sum);
        return noted();
    }

    private synchronized @Nullable Line noteRejected(RejectionReason reason) {
        rejected.merge(reason, 1L, Long::sum);
        return noted();
    }

    /** The line to write now, if it is time for one. */
    private synchronized @Nullable Line noted() {
        return quiet == null && !closed ? take() : null; // what a closing batcher leaves has been told of
    }

    private synchronized Line take() {
        List<String> parts = new ArrayList<>();
        batches.forEach((type, alike) -> parts.add(counted(alike.batches, "batch", "batches") + " of "
                + counted(alike.items, "item", "items") + " failed with " + type));
        items.forEach((outcome, count) -> parts.add(counted(count, "item", "items")
                + switch (outcome) {
                    case ABORTED -> " aborted without a call";
                    case EXPIRED -> " expired";
                    case FAILURE, SUCCESS, CANCELLED -> " failed";
                }));
        if (!rejected.isEmpty()) {
            boolean several = rejected.size() > 1;
            long all = rejected.values().stream().mapToLong(Long::longValue).sum();
            parts.add(counted(all, "item", "items") + " rejected ("
                    + rejected.entrySet().stream()
                            .map(reason -> Notation.text(reason.getKey()) + (several ? " " + reason.getValue() : ""))
                            .collect(Collectors.joining(", "))
                    + ")");
        }
        Line line = new Line("Batcher '" + batcher + "': " + String.join(", ", parts), last);
        batches.clear();
        items.clear();
        rejected.clear();
        last = null;
        if (!closed) {
            quiet = time.schedule(() -> time.offload(this::endOfQuiet), INTERVAL_NANOS);
        }
        return line;
    }

    private static String counted(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    private synchronized boolean isEmpty() {
        return batches.isEmpty() && items.isEmpty() && rejected.isEmpty();
    }

    private void endOfQuiet() {
        write(afterQuiet());
    }

    private synchronized @Nullable Line afterQuiet() {
        quiet = null;
        toldItems = 0; // of items that were cancelled or expired meanwhile
        return isEmpty() || closed ? null : take();
    }

    /** Writes what has not been written. */
    void close() {
        write(rest());
    }

    private synchronized @Nullable Line rest() {
        closed = true;
        if (quiet != null) {
            quiet.cancel();
            quiet = null;
        }
        return isEmpty() ? null : take();
    }

    // ---- what is logged ----

    private static void write(@Nullable Line line) {
        if (line == null) {
            return;
        }
        log.warn(line.text());
        if (line.last() != null && log.isDebugEnabled()) {
            log.debug("Where the last of these failures comes from, without messages", new Trace(line.last(), 0));
        }
    }

    /** Classes and places of a failure and its causes, without what they say. */
    private static final class Trace extends Exception {

        private static final long serialVersionUID = 1L;
        private static final int DEEPEST = 10;

        Trace(Throwable failure, int depth) {
            super(failure.getClass().getName(), cause(failure, depth), false, true);
            setStackTrace(failure.getStackTrace());
        }

        private static @Nullable Throwable cause(Throwable failure, int depth) {
            return failure.getCause() == null || depth == DEEPEST ? null : new Trace(failure.getCause(), depth + 1);
        }
    }
}
