package io.asyncbatcher.sample;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages in docs/recipes show the code and the settings of the sample, and list everything that a copy needs. */
class RecipesTests {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path SAMPLE = SOURCES.resolve("io/asyncbatcher/sample");
    private static final String STARTER = "io.asyncbatcher:async-batcher-spring-boot-starter";

    private static String sourceText;
    private static String settingsText;
    private static DependencyTree dependencies;

    @BeforeAll
    static void readSample() throws IOException, URISyntaxException {
        sourceText = normalized(contents(SOURCES));
        settingsText = normalized(contents(Path.of("src/main/resources")));
        dependencies = DependencyTree.read();
    }

    static List<RecipePage> pages() throws IOException {
        return RecipePage.all();
    }

    @Test
    void everyUseHasAPage() throws IOException {
        try (Stream<Path> uses = Files.list(SAMPLE)) {
            assertThat(uses.filter(Files::isDirectory)
                            .filter(use -> !use.endsWith("live") && !use.endsWith("postgres"))
                            .toList())
                    .containsExactlyInAnyOrderElementsOf(
                            pages().stream().map(RecipePage::copiedPackage).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everySnippetIsFromTheSample(RecipePage page) {
        assertThat(page.snippets("java"))
                .isNotEmpty()
                .allSatisfy(snippet -> assertThat(sourceText).contains(normalized(snippet)));
        assertThat(page.snippets("yaml"))
                .isNotEmpty()
                .allSatisfy(snippet -> assertThat(settingsText).contains(normalized(snippet)));
    }

    /** The class path has only the artifacts that the page names. A missing class or artifact is a compiler error. */
    @ParameterizedTest
    @MethodSource("pages")
    void aCopyCompiles(RecipePage page, @TempDir Path copy, @TempDir Path output) throws IOException {
        List<Path> sources = copied(page, copy);
        List<String> artifacts = Stream.concat(
                        Stream.of(STARTER),
                        page.artifacts().stream()
                                .filter(RecipePage.Artifact::isCompiledAgainst)
                                .map(RecipePage.Artifact::key))
                .toList();

        assertThat(errors(sources, dependencies.compileClassPath(artifacts), output))
                .isEmpty();
    }

    /** The compiler checks neither artifacts of scope runtime nor versions. */
    @ParameterizedTest
    @MethodSource("pages")
    void everyArtifactIsOneOfTheSample(RecipePage page) throws IOException {
        String versions = Files.readString(Path.of("../pom.xml"));
        Map<String, RecipePage.Artifact> declared = RecipePage.Artifact.in(Pattern.compile("\\$\\{(.*?)}")
                        .matcher(Files.readString(Path.of("pom.xml")))
                        .replaceAll(property -> property(property.group(1), versions)))
                .stream()
                .collect(toMap(RecipePage.Artifact::key, artifact -> artifact, (first, second) -> first));

        assertThat(page.artifacts()).allSatisfy(artifact -> {
            assertThat(declared).containsKey(artifact.key());
            String version = declared.get(artifact.key()).version();
            if (version != null) {
                assertThat(artifact.version()).isEqualTo(version);
            } else if (artifact.version() != null) {
                assertThat(artifact.version()).isEqualTo(dependencies.version(artifact.key()));
            }
        });
    }

    private static String property(String name, String versions) {
        return Pattern.compile("<" + name + ">(.*)</")
                .matcher(versions)
                .results()
                .map(property -> property.group(1))
                .findFirst()
                .orElse("");
    }

    private static List<Path> copied(RecipePage page, Path directory) throws IOException {
        List<Path> copies = new ArrayList<>();
        try (Stream<Path> files = Files.list(page.copiedPackage())) {
            for (Path file : Stream.concat(
                            files.filter(file -> !page.leftOut().contains(file)), page.classes().stream())
                    .toList()) {
                Path copy = directory.resolve(SAMPLE.relativize(file));
                Files.createDirectories(copy.getParent());
                copies.add(Files.copy(file, copy));
            }
        }
        return copies;
    }

    /** The errors of the compiler, without its warnings. */
    private static List<String> errors(List<Path> sources, String classPath, Path output) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
            List<String> options = List.of("-proc:none", "-classpath", classPath, "-d", output.toString());
            compiler.getTask(null, files, diagnostics, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
        }
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(Diagnostic::toString)
                .toList();
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
                .collect(joining("\n"));
    }
}
