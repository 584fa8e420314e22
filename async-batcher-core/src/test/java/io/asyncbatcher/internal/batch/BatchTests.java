package io.asyncbatcher.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.internal.call.Call;
import io.asyncbatcher.internal.call.QuickPath;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.queue.Backlog;
import io.asyncbatcher.internal.queue.Load;
import io.asyncbatcher.internal.queue.TicketQueue;
import io.asyncbatcher.internal.thread.Deadlines;
import io.asyncbatcher.internal.thread.Now;
import io.asyncbatcher.testing.VirtualTime;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batches of two that one of the library's own threads runs one after the other. */
class BatchTests {

    private final VirtualTime time = new VirtualTime();
    private final TicketQueue<Integer, Integer> queue = new TicketQueue<>();
    private final Backlog<Integer, Integer> backlog = new Backlog<>(queue, null, new Deadlines());
    private final ArrayDeque<Batch<Integer, Integer>> next = new ArrayDeque<>();
    private final List<Runnable> calls = new ArrayList<>();
    private final Setup<Integer> setup =
            new Setup<>("orders", Call.of(this::call), null, Runnable::run, true, new QuickPath(), null, time);

    /** Lets the next batch go as soon as a thread comes back from settling one. */
    @SuppressWarnings("unchecked")
    private final BatchOwner<Integer, Integer> owner = (BatchOwner<Integer, Integer>) Proxy.newProxyInstance(
            BatchOwner.class.getClassLoader(),
            new Class<?>[] {BatchOwner.class},
            (proxy, method, arguments) -> method.getName().equals("release") ? next.poll() : null);

    private List<Integer> call(List<Integer> batch) {
        calls.remove(0).run();
        return batch;
    }

    private Batch<Integer, Integer> batch(Item<Integer, Integer> first, Item<Integer, Integer> second) {
        queue.add(first);
        queue.add(second);
        Load<Integer, Integer> load = new Load<>();
        backlog.take(backlog.main(), 2, -1, new Now(time), load);
        BatcherOptions options = BatcherOptions.defaults();
        return new Batch<>(owner, setup, new BatchBinding<>(load, backlog.main(), options, 0, 0), null);
    }

    @Test
    void aBatchKeepsWhatIsHeldBackWhileItsThreadRunsTheNext() {
        Item<Integer, Integer> awaited = new Item<>(null, 1);
        var unused = awaited.thenRun(() -> {});
        Item<Integer, Integer> other = new Item<>(null, 2);
        Batch<Integer, Integer> batch = batch(awaited, other);
        batch.use.plentyBehind = true;
        Item<Integer, Integer> ofNext = new Item<>(null, 3);
        next.add(batch(ofNext, new Item<>(null, 4)));
        List<Item<Integer, Integer>> kept = new ArrayList<>();
        List<Integer> unsettled = new ArrayList<>();
        calls.add(() -> {});
        calls.add(() -> {
            List.of(awaited, other, ofNext).stream()
                    .filter(batch.state::contains)
                    .forEach(kept::add);
            unsettled.add(batch.state.unsettled());
        });

        batch.run();

        assertThat(kept).containsExactly(awaited);
        assertThat(unsettled).containsExactly(1);
        assertThat(awaited).isCompletedWithValue(1);
        assertThat(ofNext).isCompletedWithValue(3);
    }
}
