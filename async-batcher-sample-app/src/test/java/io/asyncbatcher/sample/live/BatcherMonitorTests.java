package io.asyncbatcher.sample.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.RemoteStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatcherMonitorTests {

    @Test
    void aBatcherOfThisApplicationIsNowhereElse() {
        try (AsyncBatcher<String, String> batcher = batcher()) {
            assertThat(new BatcherMonitor(batcher, 0).figures().remote()).isNull();
        }
    }

    @Test
    void aBatcherOfAnotherApplicationTellsWhereItIs() {
        assertThat(remote(null, "worker-1"))
                .isEqualTo(new Frame.Remote("pricing:9090", "connected", List.of("worker-1")));
        assertThat(remote(null)).isEqualTo(new Frame.Remote("pricing:9090", "idle", List.of()));
        assertThat(remote(Duration.ofSeconds(1))).isEqualTo(new Frame.Remote("pricing:9090", "unreachable", List.of()));
    }

    private static Frame.@Nullable Remote remote(@Nullable Duration unreachableFor, String... workers) {
        RemoteBatcher<String, String> remote = RemoteBatcher.of("prices", String.class, String.class);
        try (AsyncBatcher<String, String> client = batcher()) {
            remote.bind(
                    client, () -> new RemoteStatus("pricing:9090", List.of(workers), unreachableFor, 0, 0, 0, 0, 0));
            return new BatcherMonitor(remote, 0).figures().remote();
        }
    }

    private static AsyncBatcher<String, String> batcher() {
        return AsyncBatcher.<String, String>builder(items -> items)
                .name("prices")
                .build();
    }
}
