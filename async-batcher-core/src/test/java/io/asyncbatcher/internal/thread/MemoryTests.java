package io.asyncbatcher.internal.thread;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryTests {

    @Test
    void memoryIsWaitedForTenThousandTimes() {
        assertThat(Memory.awaitMore(0)).isTrue();
        assertThat(Memory.awaitMore(9_999)).isTrue();
        assertThat(Memory.awaitMore(10_000)).isFalse();
    }

    @Test
    void aTryTakesAMillisecond() {
        boolean again = Memory.awaitMore(0);
        long begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            again &= Memory.awaitMore(0);
        }
        long nanos = System.nanoTime() - begin;

        assertThat(again).isTrue();
        assertThat(nanos).isGreaterThan(MILLISECONDS.toNanos(10));
    }
}
