package io.asyncbatcher.benchmarks.experiment;

import java.time.Duration;
import java.util.Map;

/** How many of the cores the application and this side keep busy. */
final class CpuTime {

    private final ApplicationProcess application;
    private final long beganNanos = System.nanoTime();
    private final Duration serverBefore;
    private final Duration clientBefore;

    private CpuTime(ApplicationProcess application) {
        this.application = application;
        serverBefore = application.cpuTime();
        clientBefore = own();
    }

    /** From now on. */
    static CpuTime of(ApplicationProcess application) {
        return new CpuTime(application);
    }

    void addTo(Map<String, Double> metrics) {
        double nanos = System.nanoTime() - beganNanos;
        metrics.put("serverCores", application.cpuTime().minus(serverBefore).toNanos() / nanos);
        metrics.put("clientCores", own().minus(clientBefore).toNanos() / nanos);
    }

    private static Duration own() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
