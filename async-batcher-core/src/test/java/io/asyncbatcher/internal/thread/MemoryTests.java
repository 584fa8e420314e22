package io.asyncbatcher.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryTests {

    @Test
    void memoryIsWaitedForTenThousandTimes() {
        assertThat(Memory.awaitMore(0)).isTrue();
        assertThat(Memory.awaitMore(9_999)).isTrue();
        assertThat(Memory.awaitMore(10_000)).isFalse();
    }
}
