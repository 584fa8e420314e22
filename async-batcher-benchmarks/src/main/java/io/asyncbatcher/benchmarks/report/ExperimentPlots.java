package io.asyncbatcher.benchmarks.report;

import static io.asyncbatcher.benchmarks.report.ExperimentStatistics.metric;

import io.asyncbatcher.benchmarks.experiment.BatchingMode;
import io.asyncbatcher.benchmarks.experiment.Verdict;
import io.asyncbatcher.benchmarks.experiment.Workload;
import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Results.Sample;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The 95th percentile at each rate, a line for each mode; of a rate that was tried more than once the last try. */
final class ExperimentPlots {

    private ExperimentPlots() {}

    static void draw(Results results, Path directory) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Files.createDirectories(directory);
        ExperimentStatistics statistics = new ExperimentStatistics(results);
        for (Workload workload : Workload.values()) {
            List<Sample> steps = workload.modes().stream()
                    .flatMap(mode -> statistics.steps(workload, mode).stream())
                    .toList();
            if (!steps.isEmpty()) {
                XYChart chart = chart(workload, statistics, steps);
                Path file = directory.resolve("experiment-" + workload.label() + ".png");
                ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", file.toFile());
            }
        }
    }

    private static XYChart chart(Workload workload, ExperimentStatistics statistics, List<Sample> steps) {
        XYChart chart = new XYChartBuilder()
                .width(1_000)
                .height(480)
                .title(workload.label() + ": p95, ms, at requests offered a second (both logarithmic)")
                .build();
        chart.getStyler()
                .setXAxisLogarithmic(true)
                .setYAxisLogarithmic(true)
                .setXAxisDecimalPattern("#,###")
                .setYAxisDecimalPattern("#,###")
                .setChartBackgroundColor(Color.WHITE)
                .setLegendPosition(LegendPosition.OutsideE)
                .setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        for (BatchingMode mode : workload.modes()) {
            SortedMap<Double, Double> line = new TreeMap<>();
            statistics
                    .steps(workload, mode)
                    .forEach(step -> line.put(metric(step, "offeredPerSecond"), metric(step, "p95Millis")));
            if (!line.isEmpty()) {
                chart.addSeries(mode.label(), List.copyOf(line.keySet()), List.copyOf(line.values()));
            }
        }
        double[] rates = steps.stream()
                .mapToDouble(step -> metric(step, "offeredPerSecond"))
                .sorted()
                .toArray();
        XYSeries limit = chart.addSeries("limit", new double[] {rates[0], rates[rates.length - 1]}, new double[] {
            Verdict.MOST_MILLIS, Verdict.MOST_MILLIS
        });
        limit.setMarker(SeriesMarkers.NONE);
        limit.setLineColor(Color.GRAY);
        return chart;
    }
}
