package io.asyncbatcher.internal.batch;

import org.jspecify.annotations.Nullable;

/** What the slots and the policy note of one batch. Guarded by the engine's lock, but for what says otherwise. */
public final class SlotUse {

    /** Whether its slot is taken. */
    public boolean holdsSlot;

    /** Whether it counts no longer for its partition. */
    public boolean left;

    /** Whether somebody waits for its items' ends. */
    public boolean unsettled;

    /** Whether a slot is reserved for the thread that settles it. */
    public boolean reserving;

    /** Whether its present call counts for a rate limit, and has not begun. Written before the hand-over. */
    public boolean paced;

    /** For how long a rate limit has held its present call back. Written before the hand-over. */
    public long heldNanos;

    /** Whether its present hand-over is given up at a moment, and when. Written before the hand-over. */
    public boolean limited;

    public long overNanos;

    /** Whether plenty is queued behind it, so that its waiting callers may be woken a little later. */
    public boolean plentyBehind;

    /** What the dispatch policy knows it by. */
    public @Nullable BatchRun run;
}
