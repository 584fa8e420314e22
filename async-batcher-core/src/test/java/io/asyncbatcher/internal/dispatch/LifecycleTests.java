package io.asyncbatcher.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LifecycleTests {

    private final Lifecycle lifecycle = new Lifecycle();

    @Test
    void itemsThatComeLateAreAdmittedUntilTheLastBatchHasGone() {
        assertThat(lifecycle.mayAdmitLate()).isTrue();
        lifecycle.beginStop();
        assertThat(lifecycle.mayAdmitLate()).isTrue();
        lifecycle.endStop();
        assertThat(lifecycle.mayAdmitLate()).isFalse();
    }

    @Test
    void aForcedStopAdmitsNoneOfThem() {
        lifecycle.beginStop();
        lifecycle.force();

        assertThat(lifecycle.mayAdmitLate()).isFalse();
    }
}
