package io.asyncbatcher.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/security.md names tests and defaults that are there. */
class SecurityPageTests {

    private static final Path ROOT = Path.of("..");
    private static final Path PAGE = ROOT.resolve("docs/security.md");
    private static final Path CONFIGURATION = ROOT.resolve("docs/configuration.md");
    private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+Tests\\.\\w+)`");
    private static final Pattern METHOD = Pattern.compile("^ {4}void (\\w+)\\(", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("^ {4}@(Parameterized)?Test\\b", Pattern.MULTILINE);

    @Test
    void everyTestThatIsNamedExistsAndIsRun() throws IOException {
        Set<String> named = NAMED_TEST
                .matcher(Files.readString(PAGE))
                .results()
                .map(test -> test.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).hasSizeGreaterThan(100);
        named.removeAll(tests());
        assertThat(named).isEmpty();
    }

    /** All tests of all modules, by the names of their classes and methods. */
    private static Set<String> tests() throws IOException {
        Set<String> tests = new HashSet<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                addTests(module, tests);
            }
        }
        return tests;
    }

    private static void addTests(Path module, Set<String> tests) throws IOException {
        try (Stream<Path> files = Files.walk(module)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith("Tests.java")).toList()) {
                String type = file.getFileName().toString().replace(".java", "");
                String source = Files.readString(file);
                METHOD.matcher(source)
                        .results()
                        .filter(method -> isTest(source, method))
                        .forEach(method -> tests.add(type + "." + method.group(1)));
            }
        }
    }

    /** By its annotations, which are between it and the blank line before. */
    private static boolean isTest(String source, MatchResult method) {
        String annotations = source.substring(source.lastIndexOf("\n\n", method.start()), method.start());
        return TEST.matcher(annotations).find() && !annotations.contains("@Disabled");
    }

    @Test
    void everyRowNamesItsTestOrSaysThatThereIsNoDefault() throws IOException {
        List<String> rows = Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.startsWith("## Callers who control items"))
                .filter(line -> line.startsWith("| ") && !line.contains("| shown by |"))
                .toList();

        assertThat(rows)
                .hasSizeGreaterThan(60)
                .allSatisfy(row -> assertThat(NAMED_TEST.matcher(row).find() || row.contains("**No default**"))
                        .as(row)
                        .isTrue());
    }

    /** The page on configuration is held against the metadata, and that against the code. */
    @Test
    void theDefaultsAreThoseOfTheConfiguration() throws IOException {
        Map<String, String> defaults = new HashMap<>();
        cells("^\\| `(batcher\\.[\\w.-]+)`[^|]*\\|[^|]*\\| `([^`]*)` \\|", CONFIGURATION)
                .forEach(row -> defaults.put(row.group(1), row.group(2)));

        assertThat(cells("^\\| [^|]+ \\| `(batcher\\.[\\w.-]+)` \\| `([^`]*)` \\|", PAGE))
                .hasSize(11)
                .allSatisfy(row -> assertThat(defaults).containsEntry(row.group(1), row.group(2)));
    }

    private static List<MatchResult> cells(String row, Path page) throws IOException {
        return Pattern.compile(row, Pattern.MULTILINE)
                .matcher(Files.readString(page))
                .results()
                .toList();
    }
}
