package io.asyncbatcher;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that have something queued: those whose batch may go take turns, the others wait for more items. A
 * partition with nothing queued isn't here. Used under the engine's lock.
 */
final class Turns<T, R extends @Nullable Object> {

    /** When waiting lines are to be looked at again. */
    final Deadlines waits = new Deadlines();

    private final Set<Line<T, R>> due = new LinkedHashSet<>();
    private final Set<Line<T, R>> waiting = new LinkedHashSet<>();

    /** Puts a line where it belongs now; one that is due keeps its turn, to be looked at when that has come. */
    void stand(Line<T, R> line, Line.Standing standing) {
        if (line.standing == standing || (line.standing == Line.Standing.DUE && standing == Line.Standing.WAITING)) {
            return;
        }
        endTurn(line);
        waiting.remove(line);
        if (standing == Line.Standing.DUE) {
            due.add(line);
        } else if (standing == Line.Standing.WAITING) {
            waiting.add(line);
        }
        line.standing = standing; // last, so that a failure to add it is made good by the next attempt
    }

    /** The line whose turn it is; it keeps that until it is placed anew. */
    @Nullable
    Line<T, R> first() {
        Iterator<Line<T, R>> lines = due.iterator();
        return lines.hasNext() ? lines.next() : null;
    }

    /** Ends a line's turn, to be placed anew at once. */
    void endTurn(Line<T, R> line) {
        due.remove(line);
        line.standing = Line.Standing.EMPTY;
    }

    /** Those that have waited longest, at most so many. */
    List<Line<T, R>> waiting(int atMost) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Line<T, R>> lines = new ArrayList<>();
        for (Line<T, R> line : waiting) {
            if (lines.size() == atMost) {
                break;
            }
            lines.add(line);
        }
        return lines;
    }

    /** Lines in memory, for tests. */
    int kept() {
        return waiting.size() + due.size();
    }
}
