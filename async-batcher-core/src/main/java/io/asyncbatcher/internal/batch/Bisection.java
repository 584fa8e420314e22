package io.asyncbatcher.internal.batch;

import java.util.ArrayDeque;

/**
 * Which items of a batch are in its present call: all of them, until a call fails and is halved. Then the first half is
 * called first, and the halves that are left after it. Guarded by the batch's monitor.
 */
public final class Bisection {

    private final ArrayDeque<Integer> laterEnds = new ArrayDeque<>(); // where the calls after the present one end
    private int from;
    private int to;

    /** A batch of so many items that is to be halved. */
    public Bisection(int count) {
        to = count;
    }

    /** The index of the first item that is in the present call or a later one. */
    int from() {
        return from;
    }

    /** The index after the last item of the present call. */
    int to() {
        return to;
    }

    /** The present call has failed and is to be made for its first half, which ends before this index. */
    void halve(int middle) {
        laterEnds.push(to);
        to = middle;
    }

    /** The present call has ended: false if there is no further one. */
    boolean next() {
        Integer end = laterEnds.poll();
        if (end == null) {
            return false;
        }
        from = to;
        to = end;
        return true;
    }
}
