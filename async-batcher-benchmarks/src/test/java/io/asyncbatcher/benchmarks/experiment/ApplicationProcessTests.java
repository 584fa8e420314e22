package io.asyncbatcher.benchmarks.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ApplicationProcessTests {

    @Test
    void whatTheApplicationHasIsLookedUpOnItsOwnClassPath() {
        assertThat(ApplicationProcess.has("application-sklearn.yml")).isTrue();
        assertThat(ApplicationProcess.has("application-nothing.yml")).isFalse();
    }
}
