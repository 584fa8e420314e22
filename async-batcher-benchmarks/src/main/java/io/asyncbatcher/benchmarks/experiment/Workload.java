package io.asyncbatcher.benchmarks.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What requests ask for: the sample's uses that the original's experiment had, and two that put them in proportion. */
public enum Workload {
    /** Answered by the controller, without any model: what HTTP alone can do. */
    AT_ONCE("at-once", "stand-in", "/api/stand-in/at-once", ""),
    /** Not a model: a wait that is as long as the original's model took. */
    STAND_IN("stand-in", "stand-in", "/api/stand-in/predictions", "stand-in"),
    /** The sample's scikit-learn model. */
    SKLEARN("sklearn", "sklearn", "/api/sklearn/predictions", "sklearn"),
    /** The sample's TensorFlow model. */
    TENSORFLOW("tensorflow", "tensorflow", "/api/tensorflow/predictions", "tensorflow"),
    /** Rows of the sample's PostgreSQL. */
    READINGS("readings", "postgres", "/api/readings", "readings");

    private static final int BODIES = 64;

    private final String label;
    private final String profile;
    private final String path;
    private final String batcher;

    Workload(String label, String profile, String path, String batcher) {
        this.label = label;
        this.profile = profile;
        this.path = path;
        this.batcher = batcher;
    }

    public String label() {
        return label;
    }

    public List<BatchingMode> modes() {
        return batcher.isEmpty() ? List.of(BatchingMode.UNBATCHED) : List.of(BatchingMode.values());
    }

    /** Whether the application has what it takes: TensorFlow's native library comes with a profile of Maven. */
    public boolean available() {
        return this != TENSORFLOW
                || ApplicationProcess.has("org/tensorflow/internal/c_api/linux-x86_64/libtensorflow_cc.so.2");
    }

    /** The profile of the application that serves it. */
    String profile() {
        return profile;
    }

    /** The batcher's name, or empty. */
    String batcher() {
        return batcher;
    }

    String path(BatchingMode mode) {
        return mode.batched() || batcher.isEmpty() ? path : path + "/unbatched";
    }

    /** Different ones, so that nobody can answer from memory. */
    List<String> bodies(long seed) {
        Random random = new Random(seed);
        return Stream.generate(() -> body(random)).limit(BODIES).toList();
    }

    private String body(Random random) {
        return switch (this) {
            case AT_ONCE, STAND_IN -> features(4, random);
            // Pixels from 0 to 16.
            case SKLEARN, TENSORFLOW -> features(64, random);
            case READINGS ->
                "{\"sensor\":\"sensor-%d\",\"time\":\"2026-01-01T00:00:00Z\",\"value\":%d}"
                        .formatted(random.nextInt(1_000), random.nextInt(100));
        };
    }

    private static String features(int number, Random random) {
        return IntStream.range(0, number)
                .mapToObj(i -> String.format(Locale.ROOT, "%.1f", random.nextInt(161) / 10.0))
                .collect(Collectors.joining(",", "{\"features\":[", "]}"));
    }

    public static Workload of(String label) {
        return Arrays.stream(values())
                .filter(workload -> workload.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no workload '" + label + "'; there are "
                        + Arrays.stream(values()).map(Workload::label).collect(Collectors.joining(", "))));
    }
}
