package io.asyncbatcher.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Java in the documentation is that of the examples beside this, of the core's tests of README, engine page and testing
 * guide, and of the application of README that is run on a database; the Kotlin is that of its own tests.
 */
class DocumentationTests {

    private static final Path EXAMPLES = Path.of("src/test/java/io/asyncbatcher/docs");
    private static final Path KOTLIN_TESTS = Path.of("src/test/kotlin/io/asyncbatcher/docs/KotlinGuideTests.kt");
    private static final Path METRICS_GUIDE =
            Path.of("src/test/java/io/asyncbatcher/spring/boot/tracing/MetricsGuideTests.java");
    private static final Path BATCH_METHOD_GUIDE =
            Path.of("src/test/java/io/asyncbatcher/spring/boot/signature/BatchMethodGuideTests.java");
    private static final Path CORE_TESTS = Path.of("../async-batcher-core/src/test/java/io/asyncbatcher");
    private static final Path JPA_TESTS =
            Path.of("../async-batcher-spring-boot-compatibility/src/test/java/io/asyncbatcher/"
                    + "spring/compatibility/JpaTests.java");
    private static final Pattern CODE = Pattern.compile("```(?:java|kotlin)\\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "docs/spring.md",
                "docs/spring-method.md",
                "docs/spring-clients.md",
                "docs/spring-kotlin-reactor-aot.md",
                "docs/configuration.md",
                "docs/batch-method.md",
                "docs/metrics.md",
                "docs/testing.md",
                "docs/engine.md",
                "docs/migrating-from-hystrix-collapser.md",
                "docs/coming-from-python.md"
            })
    void everySnippetIsCompiled(String page) throws IOException {
        String examples = normalized(Files.readString(EXAMPLES.resolve("SpringGuideExamples.java"))
                + Files.readString(EXAMPLES.resolve("CallerGuideExamples.java"))
                + Files.readString(EXAMPLES.resolve("MigrationExamples.java"))
                + Files.readString(KOTLIN_TESTS)
                + Files.readString(METRICS_GUIDE)
                + Files.readString(JPA_TESTS)
                + Files.readString(BATCH_METHOD_GUIDE)
                + Files.readString(CORE_TESTS.resolve("ReadmeTests.java"))
                + Files.readString(CORE_TESTS.resolve("testing/TestingGuideTests.java")));
        List<String> snippets = CODE.matcher(Files.readString(Path.of("..", page)))
                .results()
                .map(snippet -> snippet.group(1))
                .toList();

        assertThat(snippets)
                .isNotEmpty()
                .allSatisfy(snippet -> assertThat(examples).contains(normalized(snippet)));
    }

    /** Messages are put together from pieces in the code; a heading is a part of one that has no gap. */
    @Test
    void everyMessageInTroubleshootingIsInTheCode() throws IOException {
        StringBuilder code = new StringBuilder();
        for (String sources : List.of("src/main/java", "../async-batcher-core/src/main/java")) {
            try (Stream<Path> files = Files.walk(Path.of(sources))) {
                for (Path file :
                        files.filter(file -> file.toString().endsWith(".java")).toList()) {
                    code.append(Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", ""));
                }
            }
        }
        List<String> messages = Pattern.compile("^### `(.*)`$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("../docs/troubleshooting.md")))
                .results()
                .map(heading -> heading.group(1))
                .toList();

        assertThat(messages)
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        message -> assertThat(code.indexOf(message)).as(message).isNotNegative());
    }

    /** Without indentation and blank lines. Examples are nested and so static; at the top of a file they aren't. */
    private static String normalized(String java) {
        return Stream.of(java.split("\\R"))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(line -> line.replaceFirst("^static (class|record)", "$1"))
                .collect(Collectors.joining("\n"));
    }
}
