package io.asyncbatcher.benchmarks.experiment;

import java.util.Locale;

/** How requests reach what they want. */
public enum BatchingMode {
    /** One call a request, on the request's thread. */
    UNBATCHED,
    FIXED,
    NATURAL,
    ADAPTIVE;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean batched() {
        return this != UNBATCHED;
    }
}
