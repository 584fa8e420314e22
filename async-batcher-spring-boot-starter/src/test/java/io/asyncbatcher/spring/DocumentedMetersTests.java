package io.asyncbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of meters in the documentation is what a batcher registers. */
class DocumentedMetersTests {

    @Test
    void everyMeterIsInTheTableWithItsTypeItsTagsAndItsDescription() throws IOException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (AsyncBatcher<Integer, Integer> batcher =
                AsyncBatcher.<Integer, Integer>builder(List::copyOf).build()) {
            new BatcherMetrics(batcher).bindTo(registry);
            Map<String, List<Meter>> byName = registry.getMeters().stream()
                    .collect(
                            Collectors.groupingBy(meter -> meter.getId().getName(), TreeMap::new, Collectors.toList()));
            String table = byName.entrySet().stream()
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
                                .map(meter -> meter.getId().getTag(key))
                                .sorted()
                                .map(value -> "`" + value + "`")
                                .collect(Collectors.joining(", ")))
                .collect(Collectors.joining());
        String type = id.getType() == Meter.Type.DISTRIBUTION_SUMMARY
                ? "summary"
                : id.getType().name().toLowerCase(Locale.ROOT);
        return "| `" + name + "` | " + type + " | " + tags + " | " + id.getDescription() + " |\n";
    }
}
