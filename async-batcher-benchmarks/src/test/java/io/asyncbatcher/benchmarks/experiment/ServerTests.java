package io.asyncbatcher.benchmarks.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerTests {

    @Test
    void whatTheApplicationHasIsLookedUpOnItsOwnClassPath() {
        assertThat(Server.has("application-sklearn.yml")).isTrue();
        assertThat(Server.has("application-nothing.yml")).isFalse();
    }
}
