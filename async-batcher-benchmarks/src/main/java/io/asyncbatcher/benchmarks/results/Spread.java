package io.asyncbatcher.benchmarks.results;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Values over the rounds.
 *
 * @param median of an even number of them the mean of the middle two; of none, not a number
 * @param least of them
 * @param most of them
 * @param rounds how many
 */
public record Spread(double median, double least, double most, int rounds) {

    public static Spread of(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN, 0);
        }
        OptionalDouble middle = Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1)
                .average();
        return new Spread(middle.orElse(Double.NaN), sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    public boolean measured() {
        return rounds > 0;
    }
}
