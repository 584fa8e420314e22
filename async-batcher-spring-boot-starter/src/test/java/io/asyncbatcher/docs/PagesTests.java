package io.asyncbatcher.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of the documentation: where their links lead, whom they are for, and that the index lists them. */
class PagesTests {

    private static final Path ROOT = Path.of("..");
    private static final Path DOCS = ROOT.resolve("docs");

    /** A link to a file of the repository, to a heading of one, or to a heading of the same page. */
    private static final Pattern LINK = Pattern.compile("]\\((?![a-z]+:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");

    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("```.*?```", Pattern.DOTALL);

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<Path> pages = pages(DOCS);
        pages.add(ROOT.resolve("specification/README.md"));
        try (Stream<Path> top = Files.list(ROOT)) {
            top.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages) {
            String prose = CODE.matcher(Files.readString(page)).replaceAll("");
            for (MatchResult link : LINK.matcher(prose).results().toList()) {
                links++;
                Path target = link.group(1).isEmpty()
                        ? page
                        : page.resolveSibling(link.group(1)).normalize();
                String anchor = link.group(2);
                if (!Files.exists(target) || (anchor != null && !anchors(target).contains(anchor))) {
                    broken.add(page + ": " + link.group());
                }
            }
        }

        assertThat(links).isGreaterThan(100);
        assertThat(broken).isEmpty();
    }

    @Test
    void theFirstParagraphOfEveryPageSaysWhomItIsFor() throws IOException {
        for (Path page : pages(DOCS)) {
            assertThat(Files.readString(page)).as(page.toString()).matches("(?s)# [^\n]+\n\nFor .*");
        }
    }

    @Test
    void theIndexListsEveryPage() throws IOException {
        Path index = DOCS.resolve("README.md");
        List<Path> listed = LINK.matcher(Files.readString(index))
                .results()
                .map(link -> index.resolveSibling(link.group(1)).normalize())
                .toList();
        List<Path> pages;
        try (Stream<Path> files = Files.list(DOCS)) {
            pages = files.filter(page -> page.toString().endsWith(".md") && !page.equals(index))
                    .toList();
        }

        assertThat(pages).hasSizeGreaterThan(15);
        assertThat(listed).containsAll(pages);
    }

    private static List<Path> pages(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return new ArrayList<>(
                    files.filter(file -> file.toString().endsWith(".md")).toList());
        }
    }

    /** As GitHub makes them of headings; the second of two equal ones gets a number. */
    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new HashSet<>();
        String prose = CODE.matcher(Files.readString(page)).replaceAll("");
        HEADING.matcher(prose).results().forEach(heading -> {
            String anchor = heading.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            int equal = 0;
            while (!anchors.add(equal == 0 ? anchor : anchor + "-" + equal)) {
                equal++;
            }
        });
        return anchors;
    }
}
