package io.asyncbatcher.sample.chaos;

import io.asyncbatcher.sample.chaos.Answer.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The sums over all rounds of one fault. */
final class Figures {

    static final String HEAD = """
            | fault | rounds | requests | 2xx | 5xx without effect | 5xx, effect unknown | body unread | other | refused | broken \
            | unanswered | rows | violations | longest answer | took |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
            """;

    final List<String> violations = new ArrayList<>();

    private final Fault fault;
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final long startNanos = System.nanoTime();
    private int rounds;
    private int rows;
    private long longestNanos;

    Figures(Fault fault) {
        this.fault = fault;
    }

    /** Adds a round, and what it violates. */
    void add(Map<String, Answer> answers, Map<String, Integer> stored) {
        rounds++;
        for (Answer answer : answers.values()) {
            counts.merge(answer.kind(), 1, Integer::sum);
            longestNanos = Math.max(longestNanos, answer.nanos());
        }
        rows += stored.values().stream().mapToInt(Integer::intValue).sum();
        violations.addAll(Verdict.violations(fault, answers, stored));
    }

    int rows() {
        return rows;
    }

    /** A line of the table. */
    @Override
    public String toString() {
        return "| %s | %d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %d | %.1f s | %.0f s |%n"
                .formatted(
                        fault,
                        rounds,
                        counts.values().stream().mapToInt(Integer::intValue).sum(),
                        count(Kind.WRITTEN),
                        count(Kind.WITHOUT_EFFECT),
                        count(Kind.UNKNOWN_EFFECT),
                        count(Kind.UNREAD),
                        count(Kind.UNCLEAR),
                        count(Kind.REFUSED),
                        count(Kind.BROKEN),
                        count(Kind.MISSING),
                        rows,
                        violations.size(),
                        longestNanos / 1e9,
                        (System.nanoTime() - startNanos) / 1e9);
    }

    private int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }
}
