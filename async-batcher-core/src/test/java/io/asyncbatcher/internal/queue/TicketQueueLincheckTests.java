package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.Linearizability;
import io.asyncbatcher.internal.item.Item;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The queue, to which threads add without a lock while others take, remove and count under it, explored by Lincheck: it is
 * a queue, first in, first out.
 */
class TicketQueueLincheckTests {

    private static final int THREADS = 8;

    /** An item that a batch finds late is waited for, so that every item leaves in its turn. */
    public static class Racing {

        private final TicketQueue<Integer, Integer> queue = new TicketQueue<>();
        private final @Nullable Item<?, ?>[] last = new Item<?, ?>[THREADS];

        @Operation
        public void add(int value, @Param(gen = ThreadIdGen.class) int thread) {
            Item<Integer, Integer> item = new Item<>(null, value);
            queue.add(item);
            last[thread] = item;
        }

        /** Takes out what this thread has added last, as its caller's cancel does. */
        @Operation
        @SuppressWarnings("unchecked") // of this queue
        public boolean remove(@Param(gen = ThreadIdGen.class) int thread) {
            synchronized (queue) {
                return last[thread] != null && queue.remove((Item<Integer, Integer>) last[thread]);
            }
        }

        @Operation
        public boolean contains(@Param(gen = ThreadIdGen.class) int thread) {
            synchronized (queue) {
                return last[thread] != null && queue.contains(last[thread]);
            }
        }

        @Operation
        public String takeOne() {
            return take(1);
        }

        @Operation
        public String takeAll() {
            return take(Long.MAX_VALUE);
        }

        @Operation
        public long size() {
            synchronized (queue) {
                return queue.size();
            }
        }

        private String take(long max) {
            synchronized (queue) {
                List<Integer> values = new ArrayList<>();
                Load<Integer, Integer> load = queue.take(max);
                for (Item<Integer, Integer> item = load.poll(); item != null; item = load.poll()) {
                    values.add((Integer) item.value);
                }
                for (Late late = load.takeLate(); late != null; late = late.next) {
                    Object stored = Chunk.LATE;
                    while (stored == Chunk.LATE) {
                        stored = late.chunk.take(late.ticket);
                    }
                    values.add((Integer) ((Item<?, ?>) stored).value);
                }
                return values.stream().sorted().toList().toString();
            }
        }
    }

    /** What it looks like from outside. */
    public static class Fifo {

        /** Each by identity: several may have one value. */
        private final Deque<Object> queue = new ArrayDeque<>();

        private final @Nullable Object[] last = new Object[THREADS];

        public void add(int value, int thread) {
            Object added = new Object[] {value};
            queue.add(added);
            last[thread] = added;
        }

        public boolean remove(int thread) {
            return last[thread] != null && queue.remove(last[thread]);
        }

        public boolean contains(int thread) {
            return last[thread] != null && queue.contains(last[thread]);
        }

        public String takeOne() {
            return take(1);
        }

        public String takeAll() {
            return take(Long.MAX_VALUE);
        }

        public long size() {
            return queue.size();
        }

        private String take(long max) {
            List<Integer> values = new ArrayList<>();
            while (values.size() < max && !queue.isEmpty()) {
                values.add((Integer) ((Object[]) queue.remove())[0]);
            }
            return values.stream().sorted().toList().toString();
        }
    }

    @Test
    void itIsAQueueWhateverRaces() {
        Linearizability queue = Linearizability.of(Racing.class, Fifo.class);
        queue
                // Two threads across the end of the first chunk.
                .race(
                        List.of(queue.call("add", 1, 0), queue.call("add", 2, 0)),
                        List.of(queue.call("add", 3, 1), queue.call("add", 4, 1)))
                // A batch comes between a ticket and its cell.
                .race(
                        List.of(queue.call("add", 1, 0), queue.call("add", 2, 0), queue.call("add", 3, 0)),
                        List.of(queue.call("takeOne"), queue.call("takeAll"), queue.call("takeOne")))
                // A cancel and a batch want the same item.
                .race(
                        List.of(queue.call("add", 1, 0), queue.call("remove", 0), queue.call("size")),
                        List.of(queue.call("takeOne"), queue.call("add", 2, 1), queue.call("takeAll")))
                // A cancel in the middle leaves a cell that is gone.
                .race(
                        List.of(queue.call("add", 1, 0), queue.call("add", 2, 1)),
                        List.of(queue.call("add", 3, 2), queue.call("remove", 2), queue.call("contains", 2)),
                        List.of(queue.call("remove", 1), queue.call("takeOne"), queue.call("size")),
                        List.of(queue.call("takeAll")))
                .check();
    }
}
