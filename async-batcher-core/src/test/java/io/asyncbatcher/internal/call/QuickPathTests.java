package io.asyncbatcher.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuickPathTests {

    private static final long QUICK_NANOS = 49_999;

    private final QuickPath path = new QuickPath();

    @Test
    void aBatchIsQuickBelowFiftyMicroseconds() {
        assertThat(path.isQuick(QUICK_NANOS)).isTrue();
        assertThat(path.isQuick(QUICK_NANOS + 1)).isFalse();
    }

    @Test
    void afterAThreadHasBeenKeptThirtyBatchesAreNot() {
        path.beWary();

        for (int batch = 0; batch < 30; batch++) {
            assertThat(path.isQuick(QUICK_NANOS)).isFalse();
        }
        assertThat(path.isQuick(QUICK_NANOS)).isTrue();
    }
}
