package io.asyncbatcher.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.RejectionReason;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A batcher at full load for as long as one likes: {@code -Dsoak.items} says how many items there are in all. */
@Timeout(10_000)
class SoakTests {

    private static final long ITEMS = Long.getLong("soak.items", 500_000);
    private static final long ITEMS_BY_PARTITION = ITEMS / 40;

    @ParameterizedTest
    @EnumSource
    @DisplayName("Promises 1 and 2: every item of eight producers ends once, with its own result or its own failure")
    void everyItemEndsOnce(DispatchMode mode) throws Exception {
        long items = (ITEMS - ITEMS_BY_PARTITION) / DispatchMode.values().length;
        new Soak(items, builder -> builder.dispatch(mode)).run(mode.name());
    }

    @Test
    @DisplayName("Promises 1 and 2 with partitions and weights; and a listener is told of each end once")
    void everyItemWithAPartitionAndAWeightEndsOnce() throws Exception {
        LongAdder told = new LongAdder();
        BatcherListener listener = new BatcherListener() {
            @Override
            public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
                told.increment();
            }

            @Override
            public void onRejected(String batcher, RejectionReason reason) {
                told.increment();
            }
        };

        new Soak(
                        ITEMS_BY_PARTITION,
                        builder -> builder.partitionBy(item -> item % 32)
                                .maxBatchWeight(500, item -> 1 + item % 8)
                                .listener(listener))
                .run("with partitions and weights");

        assertThat(told.sum()).isEqualTo(ITEMS_BY_PARTITION / Soak.PRODUCERS * Soak.PRODUCERS);
    }
}
