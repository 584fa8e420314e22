package io.asyncbatcher.benchmarks.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * @param again later runs, whose samples are in place of those of the same scenarios; none in a file
 */
public record Results(
        String started,
        String arguments,
        Map<String, String> machine,
        Map<String, String> versions,
        List<Sample> samples,
        @JsonIgnore List<Results> again) {

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

    @JsonCreator
    public Results(
            String started,
            String arguments,
            Map<String, String> machine,
            Map<String, String> versions,
            List<Sample> samples) {
        this(started, arguments, machine, versions, samples, List.of());
    }

    /**
     * Whether a later run has measured scenarios of this one with the same peers, versions, JDK and machine, so that it can
     * take their place.
     */
    public boolean isRepeatedBy(Results later) {
        Map<String, Set<String>> peers = peers();
        return versions.equals(later.versions)
                && Stream.of("jdk", "cpu", "cores").allMatch(fact -> same(fact, later))
                && later.peers().entrySet().stream()
                        .allMatch(anew -> anew.getValue().equals(peers.get(anew.getKey())));
    }

    private boolean same(String fact, Results other) {
        return Objects.equals(machine.get(fact), other.machine.get(fact));
    }

    /** These, with a later run's in place of those of the same scenarios. */
    public Results with(Results later) {
        List<Sample> together = new ArrayList<>(samples);
        Set<String> anew = later.peers().keySet();
        together.removeIf(sample -> anew.contains(sample.scenario()));
        together.addAll(later.samples);
        List<Results> runs = new ArrayList<>(again);
        runs.add(later);
        return new Results(started, arguments, machine, versions, together, runs);
    }

    /** The peers that were measured, by scenario. */
    public Map<String, Set<String>> peers() {
        return samples.stream()
                .collect(Collectors.groupingBy(
                        Sample::scenario, TreeMap::new, Collectors.mapping(Sample::peer, Collectors.toSet())));
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
