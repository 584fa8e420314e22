package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Spread;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bars of the medians. The bars' error marks are half of the distance between the least and the most. */
final class Plots {

    private Plots() {}

    static void draw(Results results, Path directory) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Files.createDirectories(directory);
        Statistics statistics = new Statistics(results);
        draw(
                directory.resolve("pipeline.png"),
                "Pipeline: million items/s",
                series(
                        statistics,
                        Map.of(
                                "1 producer", Scenario.PIPELINE_1,
                                "2 producers", Scenario.PIPELINE_2,
                                "8 producers", Scenario.PIPELINE_8),
                        "itemsPerSecond",
                        1e6),
                false);
        draw(
                directory.resolve("callers.png"),
                "Callers that wait, linger 1 ms: thousand items/s",
                series(
                        statistics,
                        Map.of("64 platform threads", Scenario.BLOCKING, "1,000 virtual threads", Scenario.VIRTUAL),
                        "itemsPerSecond",
                        1e3),
                false);
        draw(
                directory.resolve("lone.png"),
                "A lone caller: p50, µs (logarithmic)",
                series(
                        statistics,
                        Map.of("linger 1 ms", Scenario.LONE_LINGER, "no linger", Scenario.LONE),
                        "p50Micros",
                        1),
                true);
        draw(
                directory.resolve("service.png"),
                "Service of 1 ms + 10 µs an item: thousand items/s",
                series(statistics, Map.of("256 callers", Scenario.SERVICE), "itemsPerSecond", 1e3),
                false);
        draw(
                directory.resolve("service-p99.png"),
                "Service of 1 ms + 10 µs an item: p99, ms",
                series(statistics, Map.of("256 callers", Scenario.SERVICE), "p99Micros", 1e3),
                false);
    }

    private static Map<String, Map<String, Spread>> series(
            Statistics statistics, Map<String, Scenario> scenarios, String metric, double unit) {
        Map<String, Map<String, Spread>> series = new LinkedHashMap<>();
        scenarios.entrySet().stream().sorted(Map.Entry.comparingByValue()).forEach(entry -> {
            Map<String, Spread> bars = new LinkedHashMap<>();
            for (Peer peer : Peer.values()) {
                Spread spread = statistics.spread(entry.getValue(), peer.label(), metric);
                bars.put(
                        peer.label(),
                        new Spread(
                                spread.median() / unit, spread.least() / unit, spread.most() / unit, spread.rounds()));
            }
            if (bars.values().stream().anyMatch(Spread::measured)) {
                series.put(entry.getKey(), bars);
            }
        });
        return series;
    }

    private static void draw(Path file, String title, Map<String, Map<String, Spread>> series, boolean logarithmic)
            throws IOException {
        if (series.isEmpty()) {
            return;
        }
        List<String> peers = new ArrayList<>();
        for (Peer peer : Peer.values()) {
            if (series.values().stream().anyMatch(bars -> measured(bars, peer.label()))) {
                peers.add(peer.label());
            }
        }
        CategoryChart chart =
                new CategoryChartBuilder().width(1_200).height(480).title(title).build();
        chart.getStyler()
                .setYAxisLogarithmic(logarithmic)
                .setXAxisLabelRotation(90)
                // Small enough that no label is left out.
                .setXAxisTickMarkSpacingHint(20)
                .setChartBackgroundColor(Color.WHITE)
                .setLegendPosition(LegendPosition.OutsideE)
                .setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        if (logarithmic) {
            chart.getStyler().setYAxisMin(0.01);
        }
        chart.getStyler().setLegendVisible(series.size() > 1);
        series.forEach((name, bars) -> {
            List<@Nullable Double> values = new ArrayList<>();
            List<@Nullable Double> errors = new ArrayList<>();
            for (String peer : peers) {
                Spread spread = bars.get(peer);
                if (spread == null || !spread.measured()) {
                    values.add(null);
                    errors.add(null);
                } else {
                    values.add(spread.median());
                    errors.add((spread.most() - spread.least()) / 2);
                }
            }
            // An error mark that reaches below zero has no logarithm.
            chart.addSeries(name, peers, values, logarithmic ? null : errors);
        });
        ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", file.toFile());
        ;
    }

    private static boolean measured(Map<String, Spread> bars, String peer) {
        Spread spread = bars.get(peer);
        return spread != null && spread.measured();
    }
}
