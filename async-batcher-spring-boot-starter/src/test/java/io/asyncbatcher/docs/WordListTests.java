package io.asyncbatcher.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Documentation, and comments and messages of what is published, keep to the word list of CONTRIBUTING. */
class WordListTests {

    private static final Path ROOT = Path.of("..");
    private static final Pattern ROW =
            Pattern.compile("^\\| ([a-z-]+)(?: \\(\\w+\\))? \\| ([a-z -]+(?:, [a-z -]+)*) \\|$", Pattern.MULTILINE);

    /** Code in pages: a name there may be that of a server, or of a class of another library. */
    private static final Pattern CODE = Pattern.compile("```.*?```|`[^`\n]*`", Pattern.DOTALL);

    @Test
    void theDocumentationKeepsToTheWordList() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("specification/README.md")));
        pages.addAll(files(ROOT.resolve("docs"), ".md"));
        try (Stream<Path> top = Files.list(ROOT)) {
            top.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }

        assertThat(pages).hasSizeGreaterThan(20);
        assertThat(misused(pages)).isEmpty();
    }

    @Test
    void commentsAndMessagesKeepToTheWordList() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : List.of("async-batcher-core", "async-batcher-grpc", "async-batcher-spring-boot-starter")) {
            sources.addAll(files(ROOT.resolve(module).resolve("src/main"), ".java"));
            sources.addAll(files(ROOT.resolve(module).resolve("src/main"), ".json"));
        }

        assertThat(sources).hasSizeGreaterThan(200);
        assertThat(misused(sources)).isEmpty();
    }

    private static List<Path> files(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    /** Each with its file and line, and the word to write. */
    private static List<String> misused(List<Path> files) throws IOException {
        String contributing = Files.readString(ROOT.resolve("CONTRIBUTING.md"));
        List<MatchResult> words = ROW.matcher(contributing.substring(
                        contributing.indexOf("|---|---|", contributing.indexOf("| write | not |"))))
                .results()
                .toList();
        assertThat(words).hasSizeGreaterThan(8);
        List<String> misused = new ArrayList<>();
        for (Path file : files) {
            String text = Files.readString(file);
            if (file.endsWith("CONTRIBUTING.md")) {
                text = text.substring(0, text.indexOf("| write | not |"));
            }
            String prose = CODE.matcher(text).replaceAll(code -> code.group().replaceAll("[^\n]", " "));
            for (MatchResult word : words) {
                anyOf(word.group(2))
                        .matcher(prose)
                        .results()
                        .map(found -> file + ":" + line(prose, found.start()) + ": '" + found.group() + "', write '"
                                + word.group(1) + "'")
                        .forEach(misused::add);
            }
        }
        return misused;
    }

    /** In all their forms, also at the end of a line. */
    private static Pattern anyOf(String words) {
        String alternatives = Stream.of(words.split(", "))
                .map(word -> word.replaceFirst("e$", "(?:e|al|ing)").replace(" ", "[\\s*]+"))
                .collect(Collectors.joining("|"));
        return Pattern.compile("\\b(?:" + alternatives + ")[sd]?\\b(?!\\s+of\\b)", Pattern.CASE_INSENSITIVE);
    }

    private static long line(String text, int position) {
        return 1 + text.substring(0, position).lines().count() - (text.charAt(position) == '\n' ? 0 : 1);
    }
}
