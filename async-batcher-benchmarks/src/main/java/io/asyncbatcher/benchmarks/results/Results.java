package io.asyncbatcher.benchmarks.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that one run measured, as it is committed.
 *
 * @param started when
 * @param arguments what was asked for
 * @param machine facts of the machine, the JDK and the tree
 * @param versions of what was measured, by artifact
 * @param samples in the order in which they were taken
 */
public record Results(
        String started,
        String arguments,
        Map<String, String> machine,
        Map<String, String> versions,
        List<Sample> samples) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * One trial: one scenario with one peer in a JVM of its own.
     *
     * @param scenario the label
     * @param peer its label
     * @param round trials of the same round are compared with each other
     * @param metrics what was measured, by name; the unit is part of the name
     * @param fault what went wrong, or empty
     */
    public record Sample(String scenario, String peer, int round, Map<String, Double> metrics, String fault) {}

    /** These, with a later run's in place of those of the same scenarios. */
    public Results with(Results later) {
        List<Sample> together = new ArrayList<>(samples);
        Set<String> anew = later.scenarios();
        together.removeIf(sample -> anew.contains(sample.scenario()));
        together.addAll(later.samples);
        String both = arguments + "`, and " + later.started + ", commit " + later.machine.get("commit") + ", with `"
                + later.arguments;
        return new Results(started, both, machine, versions, together);
    }

    /** The labels of the scenarios of which there are samples. */
    public Set<String> scenarios() {
        return samples.stream().map(Sample::scenario).collect(Collectors.toSet());
    }

    public static Results read(Path file) {
        return JSON.readValue(file.toFile(), Results.class);
    }

    public void write(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.writeString(file, JSON.writeValueAsString(this) + "\n");
    }

    /** A trial's metrics on their way from its JVM. */
    public static String line(Map<String, Double> metrics) {
        return JSON.rebuild()
                .disable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(metrics);
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Double> metrics(String line) {
        return JSON.readValue(line, Map.class);
    }
}
