package io.asyncbatcher.benchmarks.experiment;

import java.util.Map;

/** Whether a step held, and if not, why. */
public enum Verdict {
    /** 95 of 100 answers took no longer than {@link #MOST_MILLIS}, and all were good. */
    HELD(""),
    P95("p95"),
    /** Answers that were not good, or never came. */
    ERRORS("errors"),
    /** It would have held without what this side was late with its requests, so it says nothing about the application. */
    CLIENT("client");

    public static final double MOST_MILLIS = 500;

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    /** Why it did not hold, or empty. */
    public String label() {
        return label;
    }

    public static Verdict of(Map<String, Double> metrics) {
        double p95 = metrics.getOrDefault("p95Millis", 0.0);
        if (p95 > MOST_MILLIS) {
            return p95 - metrics.getOrDefault("sentLateP95Millis", 0.0) > MOST_MILLIS ? P95 : CLIENT;
        }
        double failed = metrics.getOrDefault("errors", 0.0) + metrics.getOrDefault("unanswered", 0.0);
        return failed > 0 ? ERRORS : HELD;
    }
}
