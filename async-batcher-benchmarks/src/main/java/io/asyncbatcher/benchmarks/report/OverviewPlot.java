package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.results.Results;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How many times as good each mode is as the best library, a bar each, as an SVG. The scale is logarithmic. */
final class OverviewPlot {

    private static final List<String> COLOURS = List.of("#2f6f9f", "#3f9f6f", "#c98a2b");
    private static final double LOWEST = 0.25;
    private static final double HIGHEST = 300;
    private static final int LEFT = 210;
    private static final int WIDTH = 620;
    private static final int BAR = 15;
    private static final int TOP = 60;

    private final StringBuilder svg = new StringBuilder();
    private int y = TOP;

    private OverviewPlot() {}

    static String svg(Results results) {
        return new OverviewPlot().draw(new Statistics(results));
    }

    private String draw(Statistics statistics) {
        for (Comparison comparison : Comparison.ALL) {
            Optional<Peer> library = comparison.bestLibrary(statistics);
            library.ifPresent(best -> row(statistics, comparison, best));
        }
        StringBuilder all = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="white"/>
                <text x="10" y="20" font-size="15">How many times as good as the best library (logarithmic; right of 1 is better)</text>
                """, LEFT + WIDTH + 70, y + 10));
        for (int i = 0; i < COLOURS.size(); i++) {
            int x = LEFT + 110 * i;
            all.append(rectangle(x, 31, BAR, COLOURS.get(i)))
                    .append(text(
                            x + BAR + 5, 43, "start", Comparison.MODES.get(i).label()));
        }
        for (double times : new double[] {0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200}) {
            int x = x(times);
            all.append(String.format(
                            "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\"/>%n",
                            x, x, TOP, y - 8, times == 1 ? "black" : "#dddddd"))
                    .append(text(x, y + 4, "middle", MarkdownTable.number(times)));
        }
        return all.append(svg).append("</svg>\n").toString();
    }

    private void row(Statistics statistics, Comparison comparison, Peer library) {
        svg.append(text(LEFT - 10, y + BAR * 2, "end", comparison.label()));
        for (int i = 0; i < COLOURS.size(); i++) {
            double times = comparison
                    .gain(statistics, Comparison.MODES.get(i), library)
                    .median();
            if (!Double.isNaN(times)) {
                int from = Math.min(x(1), x(times));
                svg.append(rectangle(from, y, Math.abs(x(times) - x(1)), COLOURS.get(i)))
                        .append(text(Math.max(x(1), x(times)) + 4, y + 12, "start", MarkdownTable.number(times)));
            }
            y += BAR;
        }
        y += BAR;
    }

    private static int x(double times) {
        double within = Math.max(LOWEST, Math.min(HIGHEST, times));
        return LEFT + (int) Math.round(WIDTH * Math.log(within / LOWEST) / Math.log(HIGHEST / LOWEST));
    }

    private static String rectangle(int x, int y, int width, String colour) {
        return String.format(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n", x, y, width, BAR - 2, colour);
    }

    private static String text(int x, int y, String anchor, String text) {
        return String.format("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text);
    }
}
