package io.asyncbatcher.internal.thread;

import java.util.IdentityHashMap;

/** How far endings had got when they were looked at last. Used under the engine's lock. */
public final class Progress {

    /** An ending that still doesn't get on is told of again after so many times as many looks. */
    private static final int AGAIN = 100;

    private IdentityHashMap<Ending, Seen> before = new IdentityHashMap<>(0);
    private IdentityHashMap<Ending, Seen> seen = before;

    private record Seen(int steps, int looks) {}

    /** Begins to look at all that are left. */
    public void beginLook() {
        before = seen;
        seen = new IdentityHashMap<>();
    }

    /** Whether an ending has not got on for so many looks: true once, and rarely again. */
    public boolean isStuck(Ending ending, int looks) {
        int steps = ending.steps();
        Seen last = before.get(ending);
        int unchanged = last != null && last.steps == steps ? last.looks + 1 : 0;
        seen.put(ending, new Seen(steps, unchanged));
        return unchanged == looks || (unchanged > 0 && unchanged % (AGAIN * looks) == 0);
    }
}
