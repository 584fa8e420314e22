package io.asyncbatcher.schedules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The file that counts all recorded schedules, a line for each run of a scenario. */
final class Runs {

    private static final String HEADER = "date,commit,scenario,first seed,schedules,failures,seconds";

    private final Path file;

    Runs(Path file) {
        this.file = file;
    }

    void add(String commit, String scenario, long firstSeed, int schedules, int failures, double seconds)
            throws IOException {
        String line = String.format(
                Locale.ROOT,
                "%s,%s,%s,%d,%d,%d,%.0f",
                LocalDate.now(ZoneOffset.UTC),
                commit,
                scenario,
                firstSeed,
                schedules,
                failures,
                seconds);
        List<String> lines = Files.exists(file) ? List.of(line) : List.of(HEADER, line);
        Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The first seed that no recorded run of a scenario has used. */
    long nextSeed(String scenario) throws IOException {
        return lines().filter(fields -> fields[2].equals(scenario))
                        .mapToLong(fields -> Long.parseLong(fields[3]) + Long.parseLong(fields[4]) - 1)
                        .max()
                        .orElse(0)
                + 1;
    }

    String total() throws IOException {
        long schedules = lines().mapToLong(fields -> Long.parseLong(fields[4])).sum();
        long failures = lines().mapToLong(fields -> Long.parseLong(fields[5])).sum();
        return String.format(
                Locale.ROOT,
                "%,d schedules of %d scenarios are recorded in %s, %d of them failed",
                schedules,
                lines().map(fields -> fields[2]).distinct().count(),
                file.getFileName(),
                failures);
    }

    private Stream<String[]> lines() throws IOException {
        return Files.exists(file)
                ? Files.readAllLines(file).stream().skip(1).map(line -> line.split(",", -1))
                : Stream.of();
    }
}
