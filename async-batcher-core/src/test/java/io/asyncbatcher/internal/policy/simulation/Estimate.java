package io.asyncbatcher.internal.policy.simulation;

import java.util.Arrays;
import java.util.Locale;

/** A mean over seeds, and half the width of its 95 % confidence interval (Student's t). */
record Estimate(double mean, double plusMinus) {

    static Estimate of(double[] samples) {
        double mean = Arrays.stream(samples).average().orElseThrow();
        double squares = Arrays.stream(samples)
                .map(each -> (each - mean) * (each - mean))
                .sum();
        int freedom = samples.length - 1;
        double error = freedom < 1 ? 0 : Math.sqrt(squares / freedom / samples.length);
        return new Estimate(mean, t(freedom) * error);
    }

    /** The 0.975 quantile of Student's t, to a hundredth from three degrees of freedom on. */
    private static double t(int freedom) {
        return 1.96 + 2.37 / freedom + 2.82 / freedom / freedom + 2.56 / Math.pow(freedom, 3);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3f ± %.3f", mean, plusMinus);
    }
}
