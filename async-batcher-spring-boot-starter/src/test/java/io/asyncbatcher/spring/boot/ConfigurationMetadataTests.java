package io.asyncbatcher.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** What an IDE is told about the properties. */
class ConfigurationMetadataTests {

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> metadata(String section) throws IOException {
        try (InputStream json = ConfigurationMetadataTests.class
                .getClassLoader()
                .getResourceAsStream("META-INF/spring-configuration-metadata.json")) {
            // The class path has only this one as a directory; jars have theirs behind it.
            return (List<Map<String, Object>>) JsonParserFactory.getJsonParser()
                    .parseMap(new String(json.readAllBytes(), StandardCharsets.UTF_8))
                    .get(section);
        }
    }

    /** Every property of the starter, by name. */
    static Map<String, Map<String, Object>> properties() throws IOException {
        return metadata("properties").stream()
                .filter(property -> ((String) property.get("name")).startsWith("batcher."))
                .collect(Collectors.toMap(
                        property -> (String) property.get("name"), property -> property, (a, b) -> a, TreeMap::new));
    }

    @Test
    void everyPropertyIsKnownWithADescription() throws IOException {
        List<String> names = new ArrayList<>(List.of(
                "batcher.enabled",
                "batcher.health.full-after",
                "batcher.health.status",
                "batcher.health.stuck-after",
                "batcher.instances"));
        BatcherSettings.propertyNames().forEach(name -> names.add("batcher." + name));

        assertThat(properties().keySet()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(properties().values())
                .allSatisfy(property ->
                        assertThat((String) property.get("description")).endsWith("."));
    }

    @Test
    void everyPropertyWithADefaultTellsIt() throws IOException {
        assertThat(properties().values().stream()
                        .filter(property -> property.get("defaultValue") == null)
                        .map(property -> property.get("name")))
                .containsExactly("batcher.completion-executor", "batcher.executor", "batcher.instances");
    }

    @Test
    void everyHintIsForAProperty() throws IOException {
        List<String> known = Stream.concat(
                        properties().keySet().stream(), Stream.of("batcher.instances.keys", "batcher.instances.values"))
                .toList();
        assertThat(metadata("hints"))
                .isNotEmpty()
                .allSatisfy(hint -> assertThat(known).contains((String) hint.get("name")));
    }
}
