package io.asyncbatcher.benchmarks;

import io.asyncbatcher.benchmarks.Figures.Spread;
import java.util.Map;
import java.util.Objects;

/** What the starter adds to the start of an application. */
final class StartTable {

    /** Set before anything was measured. */
    private static final double MOST_MILLIS = 50;

    private static final String WITHOUT = "without";

    private StartTable() {}

    static String table(Results results) {
        Figures figures = new Figures(results);
        Markdown table = new Markdown(
                "500 beans",
                "first start in a JVM, ms",
                "more than without",
                "later starts, ms",
                "more than without",
                "wanted",
                "beans in all",
                "threads of batchers");
        for (String subject : Scenario.START.subjects()) {
            Spread first = figures.spread(Scenario.START, subject, "startMillis");
            if (first.measured()) {
                Spread later = figures.spread(Scenario.START, subject, "laterStartMillis");
                Spread moreFirst = figures.difference(Scenario.START, subject, WITHOUT, "startMillis");
                Spread moreLater = figures.difference(Scenario.START, subject, WITHOUT, "laterStartMillis");
                boolean without = subject.equals(WITHOUT);
                table.row(
                        label(subject),
                        Markdown.spread(first, 1),
                        without ? "" : Markdown.spread(moreFirst, 1),
                        Markdown.spread(later, 1),
                        without ? "" : Markdown.spread(moreLater, 1),
                        wanted(subject, moreFirst, moreLater),
                        Markdown.number(figures.median(Scenario.START, subject, "beans")),
                        Markdown.number(figures.median(Scenario.START, subject, "threads")));
            }
        }
        return figures.has(Scenario.START) ? table + "\n" + origin(results, figures) : table.toString();
    }

    private static String origin(Results results, Figures figures) {
        Map<String, String> machine = results.machine();
        return "Measured " + results.started() + " with `" + results.arguments() + "` in "
                + figures.spread(Scenario.START, WITHOUT, "startMillis").rounds() + " rounds on JDK "
                + machine.get("jdk") + ", " + machine.get("cpu") + ", " + machine.get("cores") + " cores, commit "
                + machine.get("commit") + (Objects.equals(machine.get("changed"), "no") ? "" : " and changes") + ".\n";
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
        return "≤ " + Markdown.number(MOST_MILLIS) + " more: " + verdict(first) + "; later " + verdict(later);
    }

    private static String verdict(Spread more) {
        return more.median() <= MOST_MILLIS ? "reached" : "**not reached**";
    }
}
