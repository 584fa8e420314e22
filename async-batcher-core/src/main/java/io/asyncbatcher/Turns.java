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
        due.remove(line);
        waiting.remove(line);
        line.standing = standing;
        if (standing == Line.Standing.DUE) {
            due.add(line);
        } else if (standing == Line.Standing.WAITING) {
            waiting.add(line);
        }
    }

    /** Takes the line whose turn it is; it stands nowhere until it is placed anew. */
    @Nullable
    Line<T, R> poll() {
        Iterator<Line<T, R>> lines = due.iterator();
        if (!lines.hasNext()) {
            return null;
        }
        Line<T, R> line = lines.next();
        lines.remove();
        line.standing = Line.Standing.EMPTY;
        return line;
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

    /** All lines with something queued. */
    List<Line<T, R>> all() {
        List<Line<T, R>> lines = new ArrayList<>(waiting);
        lines.addAll(due);
        return lines;
    }
}
