package io.asyncbatcher.spring.boot.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.RemoteStatus;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is measured of a batcher of another application. */
class RemoteMetersTests {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RemoteBatcher<String, String> batcher = RemoteBatcher.of("prices", String.class, String.class);

    RemoteMetersTests() {
        batcher.bind(
                AsyncBatcher.<String, String>builder(List::copyOf)
                        .name("prices")
                        .build(),
                () -> new RemoteStatus(
                        "x",
                        List.of("a", "b"),
                        null,
                        3,
                        100,
                        200,
                        4,
                        Duration.ofMillis(20).toNanos()));
    }

    @Test
    void theMetersTellTheStatus() {
        try (RemoteMeters meters = new RemoteMeters(batcher, registry)) {
            assertThat(meters).isNotNull();
            assertThat(registry.get("batcher.remote.workers")
                            .tag("batcher", "prices")
                            .gauge()
                            .value())
                    .isEqualTo(2);
            assertThat(registry.get("batcher.remote.connects").functionCounter().count())
                    .isEqualTo(3);
            assertThat(registry.get("batcher.remote.bytes")
                            .tag("direction", "sent")
                            .functionCounter()
                            .count())
                    .isEqualTo(100);
            assertThat(registry.get("batcher.remote.bytes")
                            .tag("direction", "received")
                            .functionCounter()
                            .count())
                    .isEqualTo(200);
            assertThat(registry.get("batcher.remote.round.trip").functionTimer().mean(TimeUnit.MILLISECONDS))
                    .isEqualTo(5);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void everyMeterIsInTheTableOfThePage() throws IOException {
        try (RemoteMeters meters = new RemoteMeters(batcher, registry)) {
            assertThat(meters).isNotNull();
            String table = registry.getMeters().stream()
                    .collect(Collectors.groupingBy(meter -> meter.getId().getName(), TreeMap::new, Collectors.toList()))
                    .entrySet()
                    .stream()
                    .map(entry -> row(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining());
            assertThat(Files.readString(Path.of("../docs/metrics.md"))).contains(table);
        }
    }

    private static String row(String name, List<Meter> meters) {
        Meter.Id id = meters.get(0).getId();
        String tags = id.getTags().stream()
                .map(Tag::getKey)
                .filter(key -> !key.equals("batcher"))
                .map(key -> "`" + key + "`: "
                        + meters.stream()
                                .map(meter -> "`" + meter.getId().getTag(key) + "`")
                                .sorted()
                                .collect(Collectors.joining(", ")))
                .collect(Collectors.joining());
        return "| `" + name + "` | " + id.getType().name().toLowerCase(Locale.ROOT) + " | " + tags + " | "
                + id.getDescription() + " |\n";
    }
}
