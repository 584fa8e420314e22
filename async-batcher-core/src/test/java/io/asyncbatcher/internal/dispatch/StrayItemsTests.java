package io.asyncbatcher.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.internal.BrokenTime;
import io.asyncbatcher.internal.Setups;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.queue.Chunk;
import io.asyncbatcher.internal.queue.Late;
import io.asyncbatcher.internal.queue.Load;
import io.asyncbatcher.internal.queue.TicketQueue;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An item that is stored after its batch has come for it. */
class StrayItemsTests {

    private final BrokenTime time = new BrokenTime();
    private final TicketQueue<Integer, Integer> queue = new TicketQueue<>();
    private final Guarded<Integer, Integer> state =
            Guarded.of(null, Setups.of(time), queue, null, BatcherOptions.defaults());
    private final Admission<Integer, Integer> admission = new Admission<>(state);
    private final StrayItems<Integer, Integer> strays = new StrayItems<>("orders", state, admission);
    private final Item<Integer, Integer> item = new Item<>(null, 1);
    private long ticket;

    @BeforeEach
    void storeLate() {
        time.isBroken = false;
        ticket = queue.add(item);
        state.backlog().take(state.backlog().main(), 1, -1, state.now(), new Load<>());
        state.backlog().lateCells().add(new Late((Chunk) item.position, ticket, null), state.now());
    }

    @Test
    void itIsQueuedForAnotherBatch() {
        strays.recoverLate();

        assertThat(state.backlog().contains(item)).isTrue();
        assertThat(state.effects().takeAsides()).isEmpty();
    }

    @Test
    void itFailsWhereAForcedStopHasBegun() {
        state.lifecycle().force();

        strays.recoverLate();

        assertThat(state.backlog().contains(item)).isFalse();
        assertThat(state.effects().takeAsides()).hasSize(1);
    }

    @Test
    void itIsForgottenWhereItHasItsEnd() {
        item.reject(new CancellationException());

        strays.recoverLate();

        assertThat(state.backlog().contains(item)).isFalse();
        assertThat(state.effects().takeAsides()).isEmpty();
    }

    @Test
    void itIsNotLostWhereAnErrorEndsTheLook() {
        state.now().forget();
        time.isBroken = true;
        assertThatThrownBy(strays::recoverLate).isInstanceOf(OutOfMemoryError.class);
        assertThat(state.backlog().contains(item)).isFalse();

        time.isBroken = false;
        strays.recoverLate();

        assertThat(state.backlog().contains(item)).isTrue();
    }

    @Test
    void itHasLingeredForLongEnough() {
        strays.recoverLate();
        state.decision().look();

        assertThat(state.decision().reason(state.backlog().main())).isEqualTo(DispatchReason.LINGER);
    }

    @Test
    void itsThreadLeavesItToAnotherBatch() {
        assertThat(admission.keeps(item, ticket)).isTrue();

        strays.recoverLate();
        assertThat(state.backlog().contains(item)).isTrue();
    }

    @Test
    void itsThreadTakesItBackWhereAForcedStopHasBegun() {
        state.lifecycle().force();

        assertThat(admission.keeps(item, ticket)).isFalse();

        strays.recoverLate();
        assertThat(state.effects().takeAsides()).isEmpty();
    }
}
