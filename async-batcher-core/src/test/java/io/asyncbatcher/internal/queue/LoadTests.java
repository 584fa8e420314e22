package io.asyncbatcher.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.thread.Now;
import io.asyncbatcher.testing.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A load of three entries, and of items in cells: their chunks begin at the tickets 0 and 2. */
class LoadTests {

    private final TicketQueue<Integer, Integer> queue = new TicketQueue<>();
    private final List<Item<Integer, Integer>> items = new ArrayList<>();
    private final Load<Integer, Integer> load = new Load<>();

    private static Item<Integer, Integer> item() {
        return new Item<>(null, 0);
    }

    @BeforeEach
    void fill() {
        PartitionQueue<Integer, Integer> partition = new PartitionQueue<>(null, 0);
        for (int i = 0; i < 3; i++) {
            Entry<Integer, Integer> entry = new Entry<>(item(), partition, 0, 0);
            entry.order = i;
            partition.add(entry);
            items.add(entry.item);
        }
        load.takeFrom(partition, 3, -1, new Now(new VirtualTime()));
        for (int i = 0; i < 4; i++) {
            Item<Integer, Integer> item = item();
            queue.add(item);
            items.add(item);
        }
        queue.take(4, load);
    }

    @Test
    void itContainsItsItemsAndNoOthers() {
        Item<Integer, Integer> behind = item();
        queue.add(behind);

        assertThat(items).allMatch(load::contains);
        assertThat(load.contains(behind)).isFalse();
        assertThat(load.contains(item())).isFalse();
    }

    @Test
    void whatHasLeftItIsContainedNoMore() {
        for (int i = 0; i < items.size(); i++) {
            assertThat(load.poll()).isSameAs(items.get(i));
            assertThat(items.subList(0, i + 1)).noneMatch(load::contains);
            assertThat(items.subList(i + 1, items.size())).allMatch(load::contains);
        }
        assertThat(load.poll()).isNull();
        assertThat(items).noneMatch(load::contains);
    }

    @Test
    void unsettledItemsAreCounted() {
        queue.add(item()); // behind it, and not of it
        for (int unsettled = items.size(); unsettled > 0; unsettled--) {
            assertThat(load.unsettled()).isEqualTo(unsettled);
            items.get(unsettled - 1).complete(0);
        }
        assertThat(load.unsettled()).isZero();
    }
}
