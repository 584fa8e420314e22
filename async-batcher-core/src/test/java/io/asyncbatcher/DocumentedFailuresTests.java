package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DocumentedFailuresTests {

    @Test
    void theClientsJavadocNamesEveryFailureOfTheBatcher() throws IOException {
        String source = Files.readString(Path.of("src/main/java/io/asyncbatcher/BatcherClient.java"));
        String documentation = source.substring(source.indexOf("/**"), source.indexOf("public interface"));

        assertThat(BatcherException.class.getPermittedSubclasses()).isNotEmpty();
        assertThat(Arrays.stream(BatcherException.class.getPermittedSubclasses())
                        .map(failure -> "<li>{@link " + failure.getSimpleName() + "}"))
                .allSatisfy(failure -> assertThat(documentation).contains(failure));
    }
}
