package io.asyncbatcher.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The table of properties in the documentation is what the metadata says. */
class DocumentedPropertiesTests {

    @Test
    void everyPropertyIsInTheTableWithItsDefaultAndItsDescription() throws IOException {
        String table = ConfigurationMetadataTests.properties().values().stream()
                .map(DocumentedPropertiesTests::row)
                .reduce("", String::concat);
        assertThat(Files.readString(Path.of("../docs/configuration.md"))).contains(table);
    }

    private static String row(Map<String, Object> property) {
        String name = (String) property.get("name");
        boolean perBatcher =
                !name.matches("batcher\\.(enabled|instances|health\\..*)"); // the others are settings of one or all
        Object value = property.get("defaultValue");
        return String.format(
                Locale.ROOT,
                "| `%s`%s | %s | %s |\n",
                name,
                perBatcher ? ", `batcher.instances.<name>" + name.substring("batcher".length()) + "`" : "",
                value == null ? "" : "`" + value + "`",
                Objects.requireNonNull(property.get("description")));
    }
}
