package io.asyncbatcher.spring.boot.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Finds the properties that a misspelt one may mean: below {@code batcher}, and of one batcher. */
final class SimilarProperties {

    private static final String PREFIX = "batcher.";
    private static final String INSTANCES = PREFIX + "instances.";

    private final List<String> options;
    private final List<String> known;

    /**
     * Knows these.
     *
     * @param options the names of the options, of all batchers or of one
     * @param others the names of all other properties below {@code batcher}
     */
    SimilarProperties(List<String> options, List<String> others) {
        this.options = options;
        this.known = Stream.concat(options.stream(), others.stream())
                .map(PREFIX::concat)
                .toList();
    }

    /** The full names of the most similar properties; none where nothing is similar. */
    List<String> to(ConfigurationPropertyName unknown) {
        int elements = unknown.getNumberOfElements();
        List<String> groups = known.stream()
                .filter(name -> name.indexOf('.', PREFIX.length()) > 0)
                .map(name -> name.substring(PREFIX.length(), name.indexOf('.', PREFIX.length())))
                .toList();
        if (elements < 3 || groups.contains(unknown.getElement(1, ConfigurationPropertyName.Form.UNIFORM))) {
            return similar(unknown.toString(), known);
        }
        // An option of one batcher, perhaps without "instances", or with another word for it.
        String option = unknown.getLastElement(ConfigurationPropertyName.Form.ORIGINAL);
        String batcher = INSTANCES + unknown.getElement(elements - 2, ConfigurationPropertyName.Form.ORIGINAL) + ".";
        List<String> ofBatcher =
                similar(option, options).stream().map(batcher::concat).toList();
        return ofBatcher.isEmpty() ? similar(unknown.toString(), known) : ofBatcher;
    }

    /** Those that only have more words; else the nearest ones, if they differ by a few letters. */
    private static List<String> similar(String name, List<String> candidates) {
        List<String> longer = candidates.stream()
                .filter(candidate -> words(candidate).containsAll(words(name)))
                .toList();
        return longer.isEmpty() ? nearest(name, candidates) : longer;
    }

    private static List<String> nearest(String name, List<String> candidates) {
        int least = Math.max(2, name.length() / 5);
        List<String> nearest = new ArrayList<>();
        for (String candidate : candidates) {
            int distance = distance(name.replace("-", ""), candidate.replace("-", ""));
            if (distance < least) {
                least = distance;
                nearest.clear();
            }
            if (distance == least) {
                nearest.add(candidate);
            }
        }
        return nearest;
    }

    private static Set<String> words(String name) {
        return new HashSet<>(Arrays.asList(name.split("[-.]")));
    }

    /** Levenshtein's: how many letters are to be put in, taken out or replaced. */
    private static int distance(String one, String other) {
        int[] above = new int[other.length() + 1];
        Arrays.setAll(above, i -> i);
        for (int row = 1; row <= one.length(); row++) {
            int[] current = new int[other.length() + 1];
            current[0] = row;
            for (int i = 1; i <= other.length(); i++) {
                int replaced = above[i - 1] + (one.charAt(row - 1) == other.charAt(i - 1) ? 0 : 1);
                current[i] = Math.min(replaced, 1 + Math.min(above[i], current[i - 1]));
            }
            above = current;
        }
        return above[other.length()];
    }
}
