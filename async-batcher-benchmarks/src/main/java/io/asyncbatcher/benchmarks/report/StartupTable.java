package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Spread;
import io.asyncbatcher.benchmarks.scenarios.Scenario;

/** What the starter adds to the start of an application. */
final class StartupTable {

    /** Set before anything was measured. */
    private static final double MOST_MILLIS = 50;

    private static final String WITHOUT = "without";

    private StartupTable() {}

    static String table(Results results) {
        Statistics statistics = new Statistics(results);
        MarkdownTable table = new MarkdownTable(
                "500 beans",
                "first start in a JVM, ms",
                "more than without",
                "later starts, ms",
                "more than without",
                "wanted",
                "beans in all",
                "threads of batchers");
        for (String subject : Scenario.START.subjects()) {
            Spread first = statistics.spread(Scenario.START, subject, "startMillis");
            if (first.measured()) {
                Spread later = statistics.spread(Scenario.START, subject, "laterStartMillis");
                Spread moreFirst = statistics.difference(Scenario.START, subject, WITHOUT, "startMillis");
                Spread moreLater = statistics.difference(Scenario.START, subject, WITHOUT, "laterStartMillis");
                boolean without = subject.equals(WITHOUT);
                table.row(
                        label(subject),
                        MarkdownTable.spread(first, 1),
                        without ? "" : MarkdownTable.spread(moreFirst, 1),
                        MarkdownTable.spread(later, 1),
                        without ? "" : MarkdownTable.spread(moreLater, 1),
                        wanted(subject, moreFirst, moreLater),
                        MarkdownTable.number(statistics.median(Scenario.START, subject, "beans")),
                        MarkdownTable.number(statistics.median(Scenario.START, subject, "threads")));
            }
        }
        return table + "\n" + Tables.origin(results);
    }

    private static String label(String subject) {
        return switch (subject) {
            case WITHOUT -> "without the starter";
            case "with" -> "100 of them with a batcher";
            default -> "100 with a batcher, 100 with its client injected";
        };
    }

    private static String wanted(String subject, Spread first, Spread later) {
        if (!subject.equals("with")) {
            return "";
        }
        return "≤ " + MarkdownTable.number(MOST_MILLIS) + " more: " + verdict(first) + "; later " + verdict(later);
    }

    private static String verdict(Spread more) {
        return more.median() <= MOST_MILLIS ? "reached" : "**not reached**";
    }
}
