package io.asyncbatcher.internal.thread;

/** Limits as options say them, where a number that is not positive may stand for none. */
public final class Limits {

    /** No limit, as an option. */
    public static final int NONE = -1;

    private Limits() {}

    /** A limit to be compared with; {@link Long#MAX_VALUE} for none. */
    public static long of(int option) {
        return option == NONE ? Long.MAX_VALUE : option;
    }
}
