package io.asyncbatcher.spring.boot.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Writes the table of properties into the page; not among the tests, which only compare ({@link DocumentedPropertiesTests}). */
class ConfigurationPage {

    static final Path PAGE = Path.of("../docs/configuration.md");

    private static final String BEGIN = "<!-- properties -->\n";
    private static final String END = "<!-- end -->";
    private static final Set<String> NOT_OF_ONE_BATCHER = Set.of(
            "batcher.enabled",
            "batcher.health.full-after",
            "batcher.health.status",
            "batcher.health.stuck-after",
            "batcher.health.unreachable-after",
            "batcher.instances",
            "batcher.log-failures",
            "batcher.server.address",
            "batcher.server.client-auth",
            "batcher.server.expose",
            "batcher.server.failure-messages",
            "batcher.server.max-connection-age",
            "batcher.server.meters-by-client",
            "batcher.server.port",
            "batcher.server.ssl-bundle",
            "batcher.synchronous",
            "batcher.web.problem-details.enabled");

    @Test
    void isWritten() throws IOException {
        String file = System.getProperty("configuration.page");
        Path page = Path.of(Objects.requireNonNull(file, "name the page: -Dconfiguration.page=FILE"));
        String text = Files.readString(page);
        Files.writeString(page, text.replace(BEGIN + table(text) + END, BEGIN + table() + END));
    }

    /** The table that a page has. */
    static String table(String page) {
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END, begin);
        if (begin < BEGIN.length() || end < 0) {
            throw new IllegalArgumentException("There are no lines " + BEGIN.strip() + " and " + END);
        }
        return page.substring(begin, end);
    }

    /** The table that the metadata asks for. */
    static String table() throws IOException {
        Map<String, Map<String, Object>> hints = ConfigurationMetadataTests.hints();
        return ConfigurationMetadataTests.properties().values().stream()
                .map(property -> row(property, hints.getOrDefault((String) property.get("name"), Map.of())))
                .collect(Collectors.joining("", "| property | type | default | what |\n|---|---|---|---|\n", ""));
    }

    private static String row(Map<String, Object> property, Map<String, Object> hint) {
        String name = (String) property.get("name");
        Object value = property.get("defaultValue");
        return String.format(
                Locale.ROOT,
                "| `%s`%s | %s | %s | %s |\n",
                name,
                NOT_OF_ONE_BATCHER.contains(name)
                        ? ""
                        : ", `batcher.instances.<name>" + name.substring("batcher".length()) + "`",
                type((String) property.get("type"), hint),
                value == null ? "" : "`" + value + "`",
                Objects.requireNonNull(property.get("description")));
    }

    @SuppressWarnings("unchecked")
    private static String type(String type, Map<String, Object> hint) {
        List<Map<String, Object>> providers = (List<Map<String, Object>>) hint.getOrDefault("providers", List.of());
        if (!providers.isEmpty() && providers.get(0).get("parameters") instanceof Map<?, ?> parameters) {
            String bean = (String) parameters.get("target");
            return "bean: `" + bean.substring(bean.lastIndexOf('.') + 1) + "`";
        }
        return switch (type.replaceFirst("<.*", "")) {
            case "java.lang.Integer", "java.lang.Long" -> "number";
            case "java.lang.Boolean" -> "`true`, `false`";
            case "java.time.Duration" -> "time";
            case "java.lang.String" -> "text";
            case "java.util.Map" -> "by name";
            case "java.util.List" -> "list";
            default ->
                ((List<Map<String, Object>>) hint.get("values"))
                        .stream().map(choice -> "`" + choice.get("value") + "`").collect(Collectors.joining(", "));
        };
    }
}
