package io.asyncbatcher.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The code and the settings in docs/recipes.md are the sample's own. */
class RecipesTests {

    private static final Path PAGE = Path.of("../docs/recipes.md");

    @ParameterizedTest
    @CsvSource({"java, src/main/java", "yaml, src/main/resources"})
    void everySnippetIsFromTheSample(String language, Path sources) throws IOException {
        String sample = normalized(contents(sources));

        Stream<String> snippets = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(snippet -> snippet.group(1));

        assertThat(snippets)
                .isNotEmpty()
                .allSatisfy(snippet -> assertThat(sample).contains(normalized(snippet)));
    }

    private static String contents(Path directory) throws IOException {
        StringBuilder contents = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(file -> file.toString().matches(".*\\.(java|yml)"))
                    .toList()) {
                contents.append(Files.readString(file)).append('\n');
            }
        }
        return contents.toString();
    }

    /** Without indentation, comments of settings and blank lines. */
    private static String normalized(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .collect(Collectors.joining("\n"));
    }
}
