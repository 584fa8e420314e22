package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a run says in five sentences, and where a peer is ahead. */
final class Summary {

    /** Where a peer is ahead of one of our modes. */
    private record Behind(Comparison comparison, Peer ours, Peer theirs, Spread gain) {}

    private final Statistics statistics;

    private Summary(Results results) {
        statistics = new Statistics(results);
    }

    /** The sentences, each a point of a list; without those that were not measured. */
    static String sentences(Results results) {
        Summary summary = new Summary(results);
        List<String> sentences = new ArrayList<>();
        if (Comparison.PIPELINES.stream().allMatch(summary::isMeasured)) {
            sentences.add("**Pipeline:** with 1, 2 and 8 producers `fixed` moves "
                    + summary.pipelines(each -> MarkdownTable.number(each.value(summary.statistics, Peer.FIXED) / 1e6))
                    + " million items a second, which is "
                    + summary.pipelines(each -> summary.timesBestLibrary(each, Peer.FIXED))
                    + " times what the fastest library does and "
                    + summary.pipelines(each -> summary.times(each, Peer.FIXED, Peer.HAND_WRITTEN))
                    + " times what a hand-written loop does.");
        }
        if (summary.isMeasured(Comparison.WAITING)) {
            sentences.add("**Callers that wait:** 64 threads get "
                    + MarkdownTable.number(Comparison.WAITING.value(summary.statistics, Peer.NATURAL) / 1e3)
                    + " thousand results a second from `natural`, "
                    + summary.timesBestLibrary(Comparison.WAITING, Peer.NATURAL)
                    + " times as many as from the fastest library ("
                    + summary.bestLibrary(Comparison.WAITING) + ").");
        }
        if (summary.isMeasured(Comparison.LONE)) {
            sentences.add("**A lone caller** waits "
                    + MarkdownTable.number(Comparison.LONE.value(summary.statistics, Peer.NATURAL))
                    + " µs for its result from `natural` (median), and "
                    + MarkdownTable.number(Comparison.LONE
                            .bestLibrary(summary.statistics)
                            .map(library -> Comparison.LONE.value(summary.statistics, library))
                            .orElse(Double.NaN))
                    + " µs with the fastest library (" + summary.bestLibrary(Comparison.LONE)
                    + "), because the libraries linger for 1 ms.");
        }
        if (summary.isMeasured(Comparison.SERVICE)) {
            sentences.add("**A service** that takes four calls at once serves "
                    + MarkdownTable.number(Comparison.SERVICE.value(summary.statistics, Peer.ADAPTIVE) / 1e3)
                    + " thousand items a second through `adaptive`, "
                    + summary.timesBestLibrary(Comparison.SERVICE, Peer.ADAPTIVE)
                    + " times as many as through the fastest library ("
                    + summary.bestLibrary(Comparison.SERVICE) + ").");
        }
        sentences.add(summary.behindInOneSentence());
        return sentences.stream().map(sentence -> "- " + sentence + "\n").collect(Collectors.joining());
    }

    /** A line for each of our modes and each scenario in which a peer or a floor is ahead. */
    static String behind(Results results) {
        MarkdownTable table = new MarkdownTable("in", "this mode", "reaches, of it", "of what this does");
        List<Behind> all = new Summary(results).behind(Summary::isPeerOrFloor);
        for (Behind each : all) {
            table.row(
                    each.comparison.label(),
                    ScenarioTables.label(each.ours),
                    MarkdownTable.spread(each.gain, 1),
                    ScenarioTables.label(each.theirs));
        }
        return all.isEmpty() ? "No peer is ahead.\n" : table.toString();
    }

    private String behindInOneSentence() {
        Map<Comparison, List<Behind>> all = behind(Summary::isPeer).stream()
                .collect(Collectors.groupingBy(Behind::comparison, LinkedHashMap::new, Collectors.toList()));
        String each = all.entrySet().stream()
                .map(entry -> entry.getKey().label() + " (" + reached(entry.getValue()) + ")")
                .collect(Collectors.joining(", "));
        return all.isEmpty()
                ? "**A peer is better** in none of these scenarios."
                : "**A peer is better** in " + each + ": [why](#where-a-peer-is-better).";
    }

    /** Of the one peer that is the best. */
    private static String reached(List<Behind> modes) {
        return modes.stream()
                        .map(mode -> "`" + mode.ours.label() + "` reaches " + MarkdownTable.number(mode.gain.median()))
                        .collect(Collectors.joining(", "))
                + " of `" + modes.get(0).theirs.label() + "`";
    }

    private List<Behind> behind(Predicate<Peer> among) {
        List<Behind> all = new ArrayList<>();
        for (Comparison comparison : Comparison.ALL) {
            for (Peer ours : Comparison.MODES) {
                comparison
                        .best(statistics, among)
                        .map(theirs -> new Behind(comparison, ours, theirs, comparison.gain(statistics, ours, theirs)))
                        .filter(each -> each.gain.measured() && each.gain.median() < 1 && !lingers(each))
                        .ifPresent(all::add);
            }
        }
        return all;
    }

    /** A fixed batch lingers as long as it was told to: that is no shortcoming for a lone caller. */
    private static boolean lingers(Behind each) {
        return each.ours == Peer.FIXED && each.comparison.equals(Comparison.LONE);
    }

    private static boolean isPeer(Peer peer) {
        return peer.kind() == Peer.Kind.LIBRARY || peer.kind() == Peer.Kind.BY_HAND;
    }

    /** Those that hand items over to another thread. */
    private static boolean isPeerOrFloor(Peer peer) {
        return peer.kind() != Peer.Kind.OURS && peer != Peer.DIRECT;
    }

    private boolean isMeasured(Comparison comparison) {
        return comparison.bestLibrary(statistics).isPresent();
    }

    private String bestLibrary(Comparison comparison) {
        return comparison
                .bestLibrary(statistics)
                .map(library -> "`" + library.label() + "`")
                .orElse("–");
    }

    private String timesBestLibrary(Comparison comparison, Peer ours) {
        Optional<Peer> library = comparison.bestLibrary(statistics);
        return library.isPresent() ? times(comparison, ours, library.get()) : "–";
    }

    private String times(Comparison comparison, Peer ours, Peer theirs) {
        return MarkdownTable.number(comparison.gain(statistics, ours, theirs).median());
    }

    private String pipelines(Function<Comparison, String> figure) {
        List<String> figures = Comparison.PIPELINES.stream().map(figure).toList();
        return figures.get(0) + ", " + figures.get(1) + " and " + figures.get(2);
    }
}
