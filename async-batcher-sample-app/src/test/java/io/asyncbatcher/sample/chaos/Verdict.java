package io.asyncbatcher.sample.chaos;

import io.asyncbatcher.sample.chaos.Answer.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares what clients were answered with what is stored. */
final class Verdict {

    private Verdict() {}

    /**
     * What breaks a promise.
     *
     * @param fault what happened meanwhile
     * @param answers the answer to each request, by its key
     * @param rows how many rows each stored key has
     */
    static List<String> violations(Fault fault, Map<String, Answer> answers, Map<String, Integer> rows) {
        List<String> violations = new ArrayList<>();
        answers.forEach((key, answer) -> {
            int stored = rows.getOrDefault(key, 0);
            if (!mayEndSo(fault, answer.kind())) {
                violations.add(key + ": must not be answered so: " + answer);
            }
            if (stored < fewestRows(answer.kind())) {
                violations.add(key + ": no row: " + answer);
            }
            if (stored > mostRows(fault, answer.kind())) {
                violations.add(key + ": " + stored + " rows: " + answer);
            }
        });
        rows.keySet().stream()
                .filter(key -> !answers.containsKey(key))
                .forEach(key -> violations.add(key + ": a row that nobody sent"));
        return violations;
    }

    private static boolean mayEndSo(Fault fault, Kind kind) {
        return switch (kind) {
            case WRITTEN, WITHOUT_EFFECT, UNKNOWN_EFFECT -> true;
            case REFUSED, BROKEN -> fault != Fault.POSTGRES_KILLED;
            case UNREAD -> fault == Fault.APPLICATION_STOPPED;
            case UNCLEAR, MISSING -> false;
        };
    }

    private static int fewestRows(Kind kind) {
        return kind == Kind.WRITTEN ? 1 : 0;
    }

    private static int mostRows(Fault fault, Kind kind) {
        return switch (kind) {
            case WRITTEN -> 1;
            case WITHOUT_EFFECT, REFUSED, UNREAD -> 0;
            // A stop answers whatever it has taken; so only what it never took may end otherwise.
            case UNKNOWN_EFFECT, UNCLEAR, BROKEN, MISSING -> fault == Fault.APPLICATION_STOPPED ? 0 : 1;
        };
    }
}
