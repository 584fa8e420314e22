package io.asyncbatcher.benchmarks.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.benchmarks.peers.Peer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a run does with a million items before it measures, in short. */
class AdapterCheckTests {

    static Stream<String> peers() {
        return Scenario.CHECK.subjects().stream();
    }

    @ParameterizedTest
    @MethodSource("peers")
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void everyItemComesBackWithItsOwnResult(String peer) {
        Map<String, Double> counts = AdapterCheck.run(Peer.of(peer), 100_000);

        assertThat(counts.get("meanBatch")).as("mean batch").isGreaterThan(1);
        assertThat(counts.get("mostRunning")).as("batches at once").isLessThanOrEqualTo(2);
    }
}
