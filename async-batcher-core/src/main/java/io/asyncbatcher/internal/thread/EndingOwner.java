package io.asyncbatcher.internal.thread;

/** What the owner of items, the engine, hears when some are settled. */
public interface EndingOwner extends WorkOwner {

    /** What was settled without a batch, or by its caller, is settled. From any thread. */
    void settled(Ending ending);
}
