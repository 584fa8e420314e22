package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Spread;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.util.List;

/** The tables of the scale model. */
final class ScaleTables {

    /** Queues, each with a tail of its own, among which producers would be striped. */
    private static final int QUEUES = 4;

    private ScaleTables() {}

    static String operations(Results results) {
        Statistics statistics = new Statistics(results);
        ScaleModel model = new ScaleModel(statistics);
        MarkdownTable table = new MarkdownTable("operation", "ns");
        operation(table, statistics, "an atomic add, by one thread", "addNanos");
        operation(
                table, statistics, "from one add to the next, by two threads on the same number", "contendedAddNanos");
        table.row("so the move of that number's cache line costs", MarkdownTable.number(model.move()));
        operation(
                table,
                statistics,
                "a cache line from the core that writes to the one that waits for it",
                "handOverNanos");
        operation(table, statistics, "from `unpark` until the thread runs", "wakeUpNanos");
        operation(table, statistics, "processor time of that, of both threads", "wakeUpCpuNanos");
        return table + "\n" + Tables.origin(results);
    }

    private static void operation(MarkdownTable table, Statistics statistics, String label, String metric) {
        Spread spread = statistics.spread(Scenario.SCALE, ScaleModel.OPERATIONS, metric);
        table.row(label, MarkdownTable.spread(spread, 1));
    }

    static String check(Results results) {
        ScaleModel model = new ScaleModel(new Statistics(results));
        MarkdownTable table = new MarkdownTable(
                "producers",
                "processor time of an item, ns: producer",
                "batch thread",
                "items for one wait",
                "million items/s, measured",
                "by the model",
                "measured ÷ model",
                "limited by");
        for (int producers : ScaleModel.MEASURED) {
            ScaleModel.Limit least =
                    model.limits(producers, cores(results), 1, 1, producers).get(0);
            double measured = model.measured(producers, "itemsPerSecond");
            table.row(
                    String.valueOf(producers),
                    MarkdownTable.number(model.measured(producers, "producerNanos")),
                    MarkdownTable.number(model.measured(producers, "batchNanos")),
                    MarkdownTable.number(1 / model.measured(producers, "waits")),
                    MarkdownTable.number(measured / 1e6),
                    MarkdownTable.number(least.perSecond() / 1e6),
                    MarkdownTable.number(measured / least.perSecond()),
                    least.what());
        }
        return table.toString();
    }

    static String prediction(Results results) {
        ScaleModel model = new ScaleModel(new Statistics(results));
        MarkdownTable table = new MarkdownTable(
                "cores",
                "slots",
                "producers",
                "million items/s",
                "saturates first",
                "next",
                "at, million items/s",
                "with " + QUEUES + " striped queues",
                "gain");
        int most = ScaleModel.MEASURED.get(ScaleModel.MEASURED.size() - 1);
        for (int cores : List.of(16, 64)) {
            for (int slots : List.of(1, 4, 8)) {
                int producers = cores - slots;
                List<ScaleModel.Limit> limits = model.limits(producers, cores, slots, 1, most);
                double striped = model.limits(producers, cores, slots, QUEUES, most)
                        .get(0)
                        .perSecond();
                table.row(
                        String.valueOf(cores),
                        String.valueOf(slots),
                        String.valueOf(producers),
                        MarkdownTable.number(limits.get(0).perSecond() / 1e6),
                        limits.get(0).what(),
                        limits.get(1).what(),
                        MarkdownTable.number(limits.get(1).perSecond() / 1e6),
                        MarkdownTable.number(striped / 1e6),
                        MarkdownTable.number(striped / limits.get(0).perSecond()));
            }
        }
        return table.toString();
    }

    private static int cores(Results results) {
        return Integer.parseInt(results.machine().getOrDefault("cores", "1"));
    }
}
