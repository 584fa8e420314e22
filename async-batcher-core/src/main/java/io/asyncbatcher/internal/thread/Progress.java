package io.asyncbatcher.internal.thread;

import java.util.IdentityHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How far endings had got when they were looked at last. Used under the engine's lock. */
public final class Progress {

    /** An ending that still doesn't get on is told of again after so many times as many looks. */
    private static final int AGAIN = 100;

    private @Nullable IdentityHashMap<Ending, Seen> before;
    private @Nullable IdentityHashMap<Ending, Seen> seen; // null in an idle batcher, of which there may be many

    private record Seen(int steps, int looks) {}

    /** Begins to look at all that are left. */
    public void beginLook() {
        before = seen;
        seen = new IdentityHashMap<>();
    }

    /** Nothing is left to look at. */
    public void forget() {
        before = null;
        seen = null;
    }

    /** Whether an ending has not got on for so many looks: true once, and rarely again. */
    public boolean isStuck(Ending ending, int looks) {
        int steps = ending.steps();
        Seen last = before == null ? null : before.get(ending);
        int unchanged = last != null && last.steps == steps ? last.looks + 1 : 0;
        Objects.requireNonNull(seen).put(ending, new Seen(steps, unchanged));
        return unchanged == looks || (unchanged > 0 && unchanged % (AGAIN * looks) == 0);
    }
}
