package io.asyncbatcher.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.internal.Setups;
import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.batch.BatchBinding;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.queue.Load;
import io.asyncbatcher.internal.queue.TicketQueue;
import io.asyncbatcher.testing.VirtualTime;
import org.junit.jupiter.api.Test;

class SelfWaitsTests {

    private final Setup<Integer> setup = Setups.of(new VirtualTime());
    private final TicketQueue<Integer, Integer> queue = new TicketQueue<>();
    private final Guarded<Integer, Integer> state = Guarded.of(
            null,
            setup,
            queue,
            null,
            BatcherOptions.defaults().withDispatch(DispatchMode.ADAPTIVE).withConcurrency(-1));
    private final SelfWaits waits = new SelfWaits(state.decision(), new InFlight<>(setup, state));
    private final Item<Integer, Integer> item = new Item<>(null, 1);

    @Test
    void aLearnedSlotIsAddedForEachProcessorThatWaits() {
        long learned = state.decision().slotCount();
        queue.add(item);

        assertThat(waits.begin(item)).isTrue();
        assertThat(waits.begin(item)).isTrue();
        assertThat(state.decision().slotCount()).isEqualTo(learned + 2);

        waits.end();
        assertThat(state.decision().slotCount()).isEqualTo(learned + 1);
        waits.end();
        assertThat(state.decision().slotCount()).isEqualTo(learned);
    }

    @Test
    void toWaitForWhatNeedsNoSlotIsNoDanger() {
        long learned = state.decision().slotCount();

        assertThat(waits.begin(item)).isFalse();
        assertThat(state.decision().slotCount()).isEqualTo(learned);
    }

    @Test
    void anItemOfABatchThatHasNotBegunNeedsItsSlot() {
        queue.add(item);
        Load<Integer, Integer> load = new Load<>();
        state.backlog().take(state.backlog().main(), 1, -1, state.now(), load);
        state.slots()
                .take(new Batch<>(
                        null,
                        setup,
                        new BatchBinding<>(
                                load, state.backlog().main(), state.decision().options(), 0, 0),
                        null));
        assertThat(state.backlog().contains(item)).isFalse();

        assertThat(waits.begin(item)).isTrue();
    }
}
