package io.asyncbatcher.spring.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.OverflowPolicy;
import io.asyncbatcher.RateLimit;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.mock.env.MockEnvironment;

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

    /** What helps to fill properties in, by the property's name. */
    static Map<String, Map<String, Object>> hints() throws IOException {
        return metadata("hints").stream().collect(Collectors.toMap(hint -> (String) hint.get("name"), hint -> hint));
    }

    @Test
    void everyPropertyIsKnownWithADescription() throws IOException {
        List<String> names = new ArrayList<>(List.of(
                "batcher.health.full-after",
                "batcher.health.status",
                "batcher.health.stuck-after",
                "batcher.health.unreachable-after",
                "batcher.instances",
                "batcher.server.address",
                "batcher.server.client-auth",
                "batcher.server.expose",
                "batcher.server.failure-messages",
                "batcher.server.max-connection-age",
                "batcher.server.meters-by-client",
                "batcher.server.port",
                "batcher.server.ssl-bundle",
                "batcher.web.problem-details.enabled"));
        OptionNames.properties(BatcherProperties.class).forEach(name -> names.add("batcher." + name));

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
                .containsExactly(
                        "batcher.completion-executor",
                        "batcher.executor",
                        "batcher.instances",
                        "batcher.isolate-failures",
                        "batcher.listener",
                        "batcher.partition-by",
                        "batcher.prioritize-by",
                        "batcher.server.address",
                        "batcher.server.expose",
                        "batcher.server.max-connection-age",
                        "batcher.server.port",
                        "batcher.server.ssl-bundle",
                        "batcher.weigher");
    }

    @Test
    void theDefaultsAreThoseOfTheBuilder() throws IOException {
        Map<String, Object> defaults = properties().values().stream()
                .filter(property -> property.get("defaultValue") != null)
                .collect(Collectors.toMap(
                        property -> (String) property.get("name"), property -> property.get("defaultValue")));
        defaults.keySet()
                .removeAll(
                        List.of("batcher.enabled", "batcher.synchronous", "batcher.log-failures", "batcher.tracing"));
        defaults.keySet()
                .removeIf(name -> name.startsWith("batcher.health.")
                        || name.startsWith("batcher.web.")
                        || name.startsWith("batcher.server."));
        MockEnvironment environment = new MockEnvironment();
        defaults.forEach((name, value) -> environment.setProperty(name, String.valueOf(value)));

        assertThat(defaults).hasSameSizeAs(PlainOption.ALL);
        assertThat(new LayeredSettings(List.of(SettingsLayer.bound(SettingsLayer.PREFIX, environment)))
                        .applyTo(new BatcherOptions(
                                "batcher",
                                5,
                                Duration.ofHours(5),
                                5,
                                5,
                                OverflowPolicy.BLOCK,
                                Duration.ofHours(5),
                                5,
                                true,
                                Duration.ofHours(5),
                                Duration.ofHours(5),
                                true,
                                Duration.ofHours(5),
                                5,
                                Duration.ofHours(5),
                                Duration.ofHours(5),
                                new RateLimit(5, Duration.ofHours(5)),
                                DispatchMode.NATURAL)))
                .isEqualTo(BatcherOptions.defaults());
    }

    @Test
    @SuppressWarnings("unchecked")
    void everyChoiceIsExplained() throws IOException {
        Map<String, Class<? extends Enum<?>>> choices =
                Map.of("batcher.overflow", OverflowPolicy.class, "batcher.dispatch", DispatchMode.class);
        Map<String, Map<String, Object>> hints = hints();
        choices.forEach((name, type) -> assertThat(
                        (List<Map<String, Object>>) hints.get(name).get("values"))
                .allSatisfy(
                        choice -> assertThat((String) choice.get("description")).endsWith("."))
                .extracting(choice -> choice.get("value"))
                .containsExactlyElementsOf(Stream.of(type.getEnumConstants())
                        .map(choice -> choice.name().toLowerCase(Locale.ROOT))
                        .toList()));
    }

    @Test
    void everyNamedBeanIsLookedUpByItsType() throws IOException {
        assertThat(hints().keySet())
                .containsAll(LayeredSettings.BEAN_OPTIONS.stream()
                        .map(option -> "batcher." + OptionNames.property(option))
                        .toList());
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

    /** An IDE knows of the properties below the name of a batcher what everybody can see of the type of the map's values. */
    @Test
    void thePropertiesOfOneBatcherAreThoseOfAPublicType() throws Exception {
        String map = (String) properties().get("batcher.instances").get("type");
        Class<?> type = Class.forName(map.replaceFirst(".*,\\s*(.*)>", "$1"));
        MethodHandles.Lookup everybody = MethodHandles.publicLookup();

        assertThat(everybody.findConstructor(type, MethodType.methodType(void.class)))
                .isNotNull();
        List<String> settable = new ArrayList<>();
        for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
            if (property.getWriteMethod() != null) {
                everybody.unreflect(property.getWriteMethod());
                everybody.unreflect(property.getReadMethod());
                settable.add("batcher." + OptionNames.property(property.getName()));
            }
        }
        assertThat(settable).hasSizeGreaterThan(15);
        assertThat(properties().keySet()).containsAll(settable);
    }
}
