package io.asyncbatcher.internal.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.testing.HandRunExecutor;
import org.junit.jupiter.api.Test;

class HandedTests {

    private final HandRunExecutor executor = new HandRunExecutor();
    private final Item<Integer, Integer> item = new Item<>(null, 1);
    private int settled;

    private final Handed.Settler settler = new Handed.Settler() {
        @Override
        public void settle(Handed task) {
            task.end();
        }

        @Override
        public void countDown() {
            settled++;
        }
    };

    private final Handed task = new Handed(settler, item, 7);

    @Test
    void anItemThatWasGivenAtItsBatchsEndIsNotEarly() {
        task.give(executor);

        assertThat(task.isGiven()).isTrue();
        assertThat(task.isEarly()).isFalse();
        executor.runAll();
        assertThat(task.isEarly()).isTrue();
        assertThat(item).isCompletedWithValue(7);
    }

    @Test
    void anItemThatItsCallerEndsIsCountedAtOnceAndOnlyOnce() {
        task.give(executor);

        task.endedByCaller();
        assertThat(settled).isEqualTo(1);

        executor.runAll();
        assertThat(settled).isEqualTo(1);
    }
}
