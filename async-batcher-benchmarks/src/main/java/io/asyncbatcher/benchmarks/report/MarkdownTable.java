package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.results.Spread;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** One table. */
public final class MarkdownTable {

    private final StringBuilder text = new StringBuilder();

    MarkdownTable(List<String> columns) {
        row(columns);
        row(Collections.nCopies(columns.size(), "---"));
    }

    MarkdownTable(String... columns) {
        this(List.of(columns));
    }

    void row(String... cells) {
        row(List.of(cells));
    }

    void row(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Three significant digits, without exponents. */
    public static String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double size = Math.abs(value);
        int decimals = size >= 100 || value == Math.rint(value) ? 0 : size >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** The median, with the least and the most behind it. */
    static String spread(Spread spread, double unit) {
        if (!spread.measured()) {
            return "–";
        }
        String median = number(spread.median() / unit);
        return spread.rounds() == 1
                ? median
                : median + " (" + number(spread.least() / unit) + " to " + number(spread.most() / unit) + ")";
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
