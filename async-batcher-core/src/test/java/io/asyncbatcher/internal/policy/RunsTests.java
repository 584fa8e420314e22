package io.asyncbatcher.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.thread.Nanos;
import org.junit.jupiter.api.Test;

class RunsTests {

    private static final long MILLI = 1_000_000;

    private final ServiceTimeModel service = new ServiceTimeModel();
    private final Runs runs = new Runs(service);

    private void batchesTake(long nanos) {
        for (int i = 0; i < 10; i++) {
            service.add(1, nanos);
        }
    }

    @Test
    void itCountsBatchesAndTheirItems() {
        BatchRun first = runs.began(0, 3);
        runs.began(0, 4);
        assertThat(runs.count()).isEqualTo(2);
        assertThat(runs.items()).isEqualTo(7);

        runs.ended(1, first);
        assertThat(runs.items()).isEqualTo(4);
        runs.ended(1, first); // it has ended already
        assertThat(runs.count()).isEqualTo(1);
        assertThat(runs.items()).isEqualTo(4);
    }

    @Test
    void howManyRanBesideABatchIsTheMeanOverItsTime() {
        BatchRun first = runs.began(100, 1);
        BatchRun second = runs.began(200, 1);
        runs.ended(300, first);
        assertThat(runs.beside(300, first)).as("half alone, half of two").isEqualTo(1.5);
        runs.ended(400, second);
        assertThat(runs.beside(400, second)).isEqualTo(1.5);
    }

    @Test
    void besideABatchThatTookNoTimeRanThoseThatHeldASlotThen() {
        runs.began(100, 1);
        BatchRun second = runs.began(100, 1);
        runs.ended(100, second);
        assertThat(runs.beside(100, second)).isEqualTo(2);
    }

    @Test
    void theNextToEndIsTheOneWithTheLeastTimeLeft() {
        batchesTake(10 * MILLI);
        assertThat(runs.nextEndNanos(0, MILLI)).as("none runs").isEqualTo(MILLI);
        runs.began(0, 1);
        runs.began(3 * MILLI, 1);
        assertThat(runs.nextEndNanos(4 * MILLI, 20 * MILLI)).isEqualTo(6 * MILLI);
        assertThat(runs.nextEndNanos(4 * MILLI, MILLI)).isEqualTo(MILLI);
        assertThat(runs.nextEndNanos(15 * MILLI, 20 * MILLI)).as("late").isZero();
    }

    @Test
    void aBatchHasStalledWhenItTakesFarLongerThanExpected() {
        assertStallsAfter(1_000 * MILLI); // nothing is known
        batchesTake(MILLI);
        assertStallsAfter(100 * MILLI);
    }

    @Test
    void aSlowBatchHasStalledAfterFourTimesTheExpected() {
        batchesTake(200 * MILLI);
        assertStallsAfter(800 * MILLI);
    }

    private void assertStallsAfter(long nanos) {
        long began = 7;
        BatchRun run = runs.began(began, 1);
        assertThat(runs.stalled(began + nanos - 1)).isZero();
        assertThat(runs.nextStallNanos(began + nanos - 1)).isEqualTo(1);
        assertThat(runs.stalled(began + nanos)).isEqualTo(1);
        assertThat(runs.nextStallNanos(began + nanos)).as("all have").isEqualTo(Nanos.FOREVER);
        runs.ended(began + nanos, run);
    }
}
