package io.asyncbatcher.internal.thread;

/**
 * Makes sure that a caller deep in recursion gets its {@link StackOverflowError} before anything is changed. A change that
 * it cut off in the middle would lose items of others.
 */
public final class StackRoom {

    /** More than a change and the hand-over of a batch take: with 60 some are cut off in the middle, with 80 none. */
    public static final int FRAMES = 100;

    private StackRoom() {}

    /** Throws if there is little room left. */
    public static void probe() {
        descend(FRAMES, 1, 2);
    }

    /** Not a loop, because its frame is needed after the call. */
    private static long descend(int frames, long a, long b) {
        return frames == 0 ? a : descend(frames - 1, b, a) ^ b;
    }
}
