package io.asyncbatcher.benchmarks.scenarios;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/** The just-in-time compilers of this JVM. */
final class Compilers {

    /** They rest while they work for at most a tenth of the time. */
    private static final int REST = 10;

    private static final long WINDOW_MILLIS = 2_000;
    private static final long STEP_MILLIS = 250;

    private Compilers() {}

    /**
     * Waits until they rest, but no longer than so many milliseconds. Callers who wait for a service make few calls a second,
     * and keep the cores busy at the same time: code of which each call runs a lot is compiled after ten seconds and more.
     */
    static void awaitRest(long longestMillis) throws InterruptedException {
        CompilationMXBean bean = ManagementFactory.getCompilationMXBean();
        long window = Math.min(WINDOW_MILLIS, longestMillis);
        long worked = bean.getTotalCompilationTime();
        long since = 0;
        for (long waited = 0; waited < longestMillis && since < window; waited += STEP_MILLIS) {
            Thread.sleep(STEP_MILLIS);
            since += STEP_MILLIS;
            if (bean.getTotalCompilationTime() - worked > window / REST) {
                worked = bean.getTotalCompilationTime();
                since = 0;
            }
        }
    }
}
