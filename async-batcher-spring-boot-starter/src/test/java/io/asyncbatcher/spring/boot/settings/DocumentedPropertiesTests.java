package io.asyncbatcher.spring.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The table of properties in the documentation is what the metadata says. */
class DocumentedPropertiesTests {

    @Test
    void theTableIsThatOfTheMetadata() throws IOException {
        assertThat(ConfigurationPage.table(Files.readString(ConfigurationPage.PAGE)))
                .as("docs/configuration.md; CONTRIBUTING.md tells the command that writes it")
                .isEqualTo(ConfigurationPage.table());
    }
}
