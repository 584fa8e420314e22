package io.asyncbatcher.spring.boot;

import java.time.Duration;

/** Bounds on waits for real threads: far above what is needed, so that only a hang reaches them. */
public final class TestTimes {

    public static final Duration LONG = Duration.ofSeconds(20);

    private TestTimes() {}
}
