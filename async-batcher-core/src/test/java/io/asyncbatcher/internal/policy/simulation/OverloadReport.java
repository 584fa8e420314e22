package io.asyncbatcher.internal.policy.simulation;

import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** What {@code shedLoad} is worth: results delivered in time at several loads, with and without it. */
final class OverloadReport {

    static final String BEGIN = "<!-- simulation: overload -->";

    /** Of several cases. */
    record Goodput(double mean, double worst, String worstCase) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f %% [%.1f %%]", 100 * mean, 100 * worst);
        }
    }

    private OverloadReport() {}

    /** The goodput of cases, each with these seeds. */
    static Goodput goodput(List<Overload> cases, long[] seeds, boolean shedLoad) {
        double[] means = cases.parallelStream()
                .mapToDouble(each -> LongStream.of(seeds)
                        .mapToDouble(seed -> each.goodput(seed, shedLoad))
                        .average()
                        .orElseThrow())
                .toArray();
        int worst = 0;
        double sum = 0;
        for (int i = 0; i < means.length; i++) {
            worst = means[i] < means[worst] ? i : worst;
            sum += means[i];
        }
        return new Goodput(sum / means.length, means[worst], cases.get(worst).describe());
    }

    /** The report as Markdown. */
    static String markdown(int calls, long[] seeds) {
        StringBuilder rows = new StringBuilder();
        for (int serviceTimes : Overload.TIMEOUTS) {
            for (double load : Overload.LOADS) {
                List<Overload> cases = Overload.cases(load, serviceTimes, calls);
                Goodput with = goodput(cases, seeds, true);
                rows.append(String.format(
                        Locale.ROOT,
                        "| %d | %s | %s | %s | %s |%n",
                        serviceTimes,
                        load,
                        with,
                        goodput(cases, seeds, false),
                        with.worstCase()));
            }
        }
        return """
                Results delivered in time, as a part of what the processor could have delivered: the mean of 18 cases (three modes of
                dispatch, 1 and 4 slots, three processors), and in brackets the worst case. Each case lasts as long as %d full batches
                take on all slots, with %d seed.

                | timeout, in times of a full batch | offered load, in multiples of the capacity | with `shedLoad` | without | worst case with it |
                |---|---|---|---|---|
                %s""".formatted(calls, seeds.length, rows);
    }
}
