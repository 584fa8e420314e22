package io.asyncbatcher.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.asyncbatcher.internal.item.Item;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TicketQueueTests {

    private final TicketQueue<Integer, Integer> queue = new TicketQueue<>();

    @Test
    void itemsLeaveInTheOrderOfTheirTickets() {
        IntStream.range(0, 1000).forEach(this::add);

        assertThat(values(queue.take(300))).isEqualTo(range(0, 300));
        assertThat(values(queue.take(5000))).isEqualTo(range(300, 1000));
        assertThat(queue.size()).isZero();
        assertThat(queue.emptyAt()).isEqualTo(1000);
    }

    @Test
    void aRemovedItemGivesItsPlaceBackAndIsNotTaken() {
        List<Item<Integer, Integer>> items =
                IntStream.range(0, 10).mapToObj(this::add).toList();

        assertThat(queue.remove(items.get(3))).isTrue();
        assertThat(queue.remove(items.get(3))).isFalse();
        assertThat(queue.size()).isEqualTo(9);

        Load<Integer, Integer> taken = queue.take(4);
        assertThat(taken.size()).isEqualTo(4);
        assertThat(values(taken)).containsExactly(0, 1, 2, 4);
        assertThat(queue.size()).isEqualTo(5);
    }

    @Test
    void anItemThatHasLeftCantBeRemoved() {
        Item<Integer, Integer> item = add(1);
        queue.take(1);

        assertThat(queue.remove(item)).isFalse();
        assertThat(queue.size()).isZero();
    }

    @Test
    void theHeadPassesItemsThatAreGone() {
        List<Item<Integer, Integer>> items =
                IntStream.range(0, 4).mapToObj(this::add).toList();
        queue.remove(items.get(2));
        queue.remove(items.get(0));
        assertThat(queue.head()).isEqualTo(1);

        assertThat(values(queue.take(1))).containsExactly(1);
        assertThat(queue.head()).isEqualTo(3);
    }

    @Test
    void anyMixOfAddsRemovalsAndTakesKeepsOrderAndPlaces() {
        Random random = new Random(42);
        List<Item<Integer, Integer>> expected = new ArrayList<>();
        int next = 0;
        for (int step = 0; step < 200_000; step++) {
            int choice = random.nextInt(10);
            if (choice < 6) {
                expected.add(add(next++));
            } else if (choice < 9 && !expected.isEmpty()) {
                assertThat(queue.remove(expected.remove(random.nextInt(expected.size()))))
                        .isTrue();
            } else {
                int max = 1 + random.nextInt(200);
                List<Item<Integer, Integer>> front = expected.subList(0, Math.min(max, expected.size()));
                assertThat(values(queue.take(max)))
                        .isEqualTo(front.stream().map(item -> item.value).toList());
                front.clear();
            }
            assertThat(queue.size()).isEqualTo(expected.size());
        }
    }

    @Test
    void itemsBehindALongLivedOneDontKeepTheirChunksOnceGone() {
        add(0);
        for (int i = 1; i <= 100_000; i++) {
            queue.remove(add(i));
        }

        assertThat(queue.chunks()).isLessThan(5);
        assertThat(values(queue.take(10))).containsExactly(0);
    }

    @Tag("volume")
    @Test
    void ticketsThatAreUsedUpKeepNothingThatCameLater() {
        add(0);
        Load<Integer, Integer> tickets = queue.take(1);
        assertThat(values(tickets)).containsExactly(0);
        WeakReference<Object> later = null;
        for (int i = 0; i < 10 * Chunk.CELLS; i++) {
            Item<Integer, Integer> item = add(i);
            later = i == 5 * Chunk.CELLS ? new WeakReference<>(item.position) : later;
        }
        values(queue.take(10 * Chunk.CELLS));
        add(1);
        queue.take(1);

        WeakReference<Object> chunk = later;
        Awaitility.await().untilAsserted(() -> {
            System.gc();
            assertThat(chunk.get()).isNull();
        });
        assertThat(tickets.poll()).isNull();
    }

    /** The values of a load, with those of cells that were empty yet when they were to be taken: sorted if there are any. */
    private static List<Integer> valuesWithLateOnes(Load<Integer, Integer> load) {
        List<Integer> values = new ArrayList<>(values(load));
        Late late = load.takeLate();
        boolean inOrder = late == null;
        for (; late != null; late = late.next) {
            Object stored = Chunk.LATE;
            while (stored == Chunk.LATE) {
                stored = late.chunk.take(late.ticket);
            }
            values.add((Integer) ((Item<?, ?>) Objects.requireNonNull(stored)).value);
        }
        return inOrder ? values : values.stream().sorted().toList();
    }

    @Test
    void whatManyThreadsAddIsTakenOnceEachInTheOrderOfItsThread() throws Exception {
        int threads = 4;
        int each = 50_000;
        CyclicBarrier begin = new CyclicBarrier(threads + 1);
        List<Thread> adding = IntStream.range(0, threads)
                .mapToObj(t -> new Thread(() -> {
                    await(begin);
                    IntStream.range(0, each).forEach(i -> add(t * each + i));
                }))
                .toList();
        adding.forEach(Thread::start);
        await(begin);

        int[] last = IntStream.range(0, threads).map(t -> t * each - 1).toArray();
        for (int taken = 0; taken < threads * each; ) {
            for (int value : valuesWithLateOnes(queue.take(64))) {
                assertThat(value).isEqualTo(++last[value / each]);
                taken++;
            }
        }
        for (Thread thread : adding) {
            thread.join();
        }
        assertThat(queue.size()).isZero();
    }

    @Test
    void aSlotThatIsNotFilledYetHoldsNobodyUp() {
        add(0);
        long late = takeTicket(); // as a thread that is kept from running after it
        add(2);

        Load<Integer, Integer> taken = queue.take(3);
        assertThat(values(taken)).containsExactly(0, 2);

        Late slot = taken.takeLate();
        assertThat(slot.ticket).isEqualTo(late);
        assertThat(slot.next).isNull();
        assertThat(slot.chunk.take(late)).isSameAs(Chunk.LATE);
        Item<Integer, Integer> item = new Item<>(null, 1);
        slot.chunk.put(late, item);
        assertThat(slot.chunk.take(late)).isSameAs(item);
    }

    @Test
    void aHoleIsPassed() {
        add(0);
        long ticket = takeTicket();
        queue.tailChunk.cells[(int) (ticket - queue.tailChunk.base)] = Chunk.HOLE;
        add(2);

        Load<Integer, Integer> taken = queue.take(3);

        assertThat(values(taken)).containsExactly(0, 2);
        assertThat(taken.takeLate()).isNull();
    }

    @Test
    void anErrorWhileAnItemIsStoredLeavesAHoleThatIsPassed() {
        int last = 2 + 2 * Chunk.CELLS;
        for (int ticket = 0; ticket <= last; ticket++) {
            if (ticket % 2 == 0) {
                add(ticket);
            } else {
                queue.mark(Long.MAX_VALUE, false, Long.MAX_VALUE);
                assertThatNullPointerException().isThrownBy(() -> queue.add(null));
                assertThat(queue.closed).isTrue(); // the next item comes to the engine, which looks for the hole
            }
        }

        Load<Integer, Integer> taken = queue.take(Long.MAX_VALUE);

        assertThat(values(taken))
                .isEqualTo(IntStream.rangeClosed(0, last / 2)
                        .map(i -> 2 * i)
                        .boxed()
                        .toList());
        assertThat(taken.hasLate()).isFalse();
    }

    @Test
    void onlyItemsThatAreQueuedAreContained() {
        Item<Integer, Integer> taken = add(0);
        Item<Integer, Integer> queued = add(1);
        queue.take(1);

        assertThat(queue.contains(taken)).isFalse();
        assertThat(queue.contains(queued)).isTrue();
        assertThat(queue.contains(new Item<>(null, 2))).isFalse();
    }

    @Test
    void chunksInWhichAllAreGoneAreLetGo() {
        List<Item<Integer, Integer>> items =
                IntStream.range(0, 2 + 5 * Chunk.CELLS).mapToObj(this::add).toList();
        assertThat(queue.chunks()).isEqualTo(6);

        items.subList(1, items.size()).forEach(queue::remove);

        assertThat(queue.chunks()).isEqualTo(2); // that of the oldest item, and the last
    }

    private long takeTicket() {
        long ticket = queue.tail;
        queue.tail = ticket + 1;
        return ticket;
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private Item<Integer, Integer> add(int value) {
        Item<Integer, Integer> item = new Item<>(null, value);
        queue.add(item);
        return item;
    }

    private static List<Integer> values(Load<Integer, Integer> tickets) {
        List<Integer> values = new ArrayList<>();
        for (Item<Integer, Integer> item = tickets.poll(); item != null; item = tickets.poll()) {
            values.add((Integer) item.value);
        }
        return values;
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void whatIsUpNextIsLookedAtInItsOrderAcrossChunks() {
        List<Item<Integer, Integer>> items =
                IntStream.range(0, 3).mapToObj(this::add).toList();
        UpNext<Integer, Integer> upNext = queue.behind(Collections.emptyIterator());

        add(3); // after the look has begun

        assertThat(upNext.next()).isSameAs(items.get(0));
        assertThat(upNext.next()).isSameAs(items.get(1));
        assertThat(upNext.next()).isSameAs(items.get(2));
        assertThat(upNext.next()).isNull();
        assertThat(queue.size()).isEqualTo(4);
    }
}
