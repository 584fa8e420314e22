package io.asyncbatcher.internal.thread;

/**
 * Makes sure that a caller deep in recursion gets its {@link StackOverflowError} before anything is changed. A change that
 * it cut off in the middle would lose items of others.
 */
public final class StackRoom {

    /** Of 100 bytes or more each, which is more than a change and the hand-over of a batch take. */
    public static final int FRAMES = 100;

    /** More than it takes to set an alarm. */
    private static final int FRAMES_OF_AN_ALARM = 40;

    private StackRoom() {}

    /** Throws if there is little room left. */
    public static void probe() {
        descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    /**
     * Throws if there is not even room for setting an alarm. One that is cut off in the middle would leave the queue of the
     * shared timer damaged, and with it the alarms of all batchers.
     */
    public static void probeForAlarm() {
        descend(FRAMES_OF_AN_ALARM, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    /** Not a loop, because its frame is needed after the call. The numbers make a compiled frame as large as others. */
    private static long descend(int frames, long a, long b, long c, long d, long e, long f, long g, long h) {
        return frames == 0 ? a : descend(frames - 1, h, a, b, c, d, e, f, g) ^ a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
    }
}
