package io.asyncbatcher.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A page of docs/recipes. Its section "Needs also" lists the sources and the artifacts that a copy needs. */
record RecipePage(Path path, String text) {

    private static final Path DIRECTORY = Path.of("../docs/recipes");
    private static final Path SAMPLE = Path.of("../async-batcher-sample-app");
    private static final Pattern LINK = Pattern.compile("\\]\\((.*?)\\)");

    /** All pages except the index. */
    static List<RecipePage> all() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> !file.endsWith("README.md"))
                    .sorted()
                    .map(RecipePage::read)
                    .toList();
        }
    }

    private static RecipePage read(Path path) {
        try {
            return new RecipePage(path, Files.readString(path));
        } catch (IOException e) {
            throw new IllegalStateException("Can't read " + path, e);
        }
    }

    List<String> snippets(String language) {
        return Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(snippet -> snippet.group(1))
                .toList();
    }

    /** The source directory of the package. */
    Path copiedPackage() {
        return linked("Package").get(0);
    }

    /** Sources of the package that a copy does not need. */
    List<Path> leftOut() {
        return linked("Leave out");
    }

    /** Sources outside of the package that a copy needs. */
    List<Path> classes() {
        return linked("Classes");
    }

    List<Artifact> artifacts() {
        return Artifact.in(needsAlso());
    }

    /** The targets of the links in one item of the list, relative to the directory of the sample. */
    private List<Path> linked(String item) {
        return Pattern.compile("^- \\*\\*" + item + "\\*\\*.*(?:\\n  .*)*", Pattern.MULTILINE)
                .matcher(needsAlso())
                .results()
                .flatMap(found -> LINK.matcher(found.group()).results())
                .map(link ->
                        SAMPLE.relativize(path.resolveSibling(link.group(1)).normalize()))
                .toList();
    }

    private String needsAlso() {
        int begin = text.indexOf("\n## Needs also\n") + 1;
        int end = text.indexOf("\n## ", begin);
        return begin == 0 ? "" : text.substring(begin, end == -1 ? text.length() : end);
    }

    @Override
    public String toString() {
        return path.getFileName().toString();
    }

    /** A dependency as an application declares it. */
    record Artifact(
            String groupId,
            String artifactId,
            @Nullable String version,
            @Nullable String scope) {

        private static final Pattern DECLARED = Pattern.compile(
                "<groupId>(.*)</groupId>\\s*<artifactId>(.*)</artifactId>(?:\\s*<version>(.*)</version>)?"
                        + "(?:\\s*<classifier>.*</classifier>)?(?:\\s*<scope>(.*)</scope>)?");

        static List<Artifact> in(String xml) {
            return DECLARED.matcher(xml)
                    .results()
                    .map(found -> new Artifact(found.group(1), found.group(2), found.group(3), found.group(4)))
                    .toList();
        }

        String key() {
            return groupId + ":" + artifactId;
        }

        boolean isCompiledAgainst() {
            return scope == null;
        }
    }
}
