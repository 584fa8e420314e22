package io.asyncbatcher.benchmarks.experiment;

import io.asyncbatcher.benchmarks.experiment.ActuatorClient.Totals;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** One workload in one mode: the application is started, warmed up, and loaded step by step. */
public final class WorkloadRun {

    /** What is told while it is measured. */
    public interface Listener {

        /**
         * Called after each step.
         *
         * @param number from 1; 0 is what a call costs, without any load
         * @param metrics by name; the unit is part of the name
         */
        void step(int number, Map<String, Double> metrics);
    }

    private static final int TRIES = 3;
    private static final int WARM_UP_CALLERS = 256;
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int QUIET_IN_A_ROW = 5;
    private static final Duration QUIET = Duration.ofMillis(200);

    private final BatchingMode mode;
    private final WorkloadRunSettings settings;
    private final long seed;
    private final Listener listener;
    private final ApplicationProcess application;
    private final ConnectionPool connections;
    private final ActuatorClient actuator;
    private final List<ByteBuf> requests;
    private int steps;

    private WorkloadRun(
            Workload workload,
            BatchingMode mode,
            WorkloadRunSettings settings,
            long seed,
            Listener listener,
            ApplicationProcess application,
            ConnectionPool connections) {
        this.mode = mode;
        this.settings = settings;
        this.seed = seed;
        this.listener = listener;
        this.application = application;
        this.connections = connections;
        this.actuator = new ActuatorClient(application.port(), workload.batcher());
        this.requests = workload.bodies(seed).stream()
                .map(body -> connections.post(workload.path(mode), body))
                .toList();
    }

    public static void run(
            Workload workload,
            BatchingMode mode,
            WorkloadRunSettings settings,
            long seed,
            Path scratch,
            Listener listener)
            throws Exception {
        try (ApplicationProcess application = ApplicationProcess.start(workload, mode, scratch);
                ConnectionPool connections = new ConnectionPool(application.port())) {
            WorkloadRun run = new WorkloadRun(workload, mode, settings, seed, listener, application, connections);
            ClosedLoop.run(connections, run.requests, WARM_UP_CALLERS, Integer.MAX_VALUE, settings.warmUp())
                    .join();
            if (mode == BatchingMode.NATURAL) {
                run.measureCost();
            }
            new RateSearch(run::holds, settings.most(), settings.refinements()).run();
        }
    }

    /** What a call of the processor takes with one item, and with a full batch, while nothing else happens. */
    private void measureCost() throws IOException, InterruptedException {
        Map<String, Double> metrics = new TreeMap<>();
        Totals before = actuator.totals();
        ClosedLoop.run(connections, requests, 1, 100, LONGEST).join();
        Totals afterOnes = actuator.totals();
        metrics.put("oneMillis", afterOnes.since(before).meanMillis());
        int full = actuator.maxBatchSize();
        for (int i = 0; i < 20; i++) {
            actuator.pause();
            CompletableFuture<Void> answered = ClosedLoop.run(connections, requests, full, full, LONGEST);
            while (actuator.queued() < full) {
                Thread.sleep(5);
            }
            actuator.resume();
            answered.join();
        }
        Totals fulls = actuator.totals().since(afterOnes);
        metrics.put("fullBatch", fulls.meanSize());
        metrics.put("fullMillis", fulls.meanMillis());
        listener.step(0, metrics);
    }

    /**
     * A step in which this side was late says nothing, so it is tried again; so is, once, a step on the way up, because the
     * JVM may have been compiling what it hadn't run so often before.
     */
    private boolean holds(double rate, boolean longer) throws IOException, InterruptedException {
        Verdict verdict = step(rate, longer);
        for (int tried = 1; again(verdict, longer, tried); tried++) {
            verdict = step(rate, longer);
        }
        return verdict == Verdict.HELD;
    }

    private static boolean again(Verdict verdict, boolean longer, int tried) {
        return switch (verdict) {
            case HELD -> false;
            case CLIENT -> tried < TRIES;
            case P95, ERRORS -> tried < 2 && !longer;
        };
    }

    private Verdict step(double rate, boolean longer) throws IOException, InterruptedException {
        steps++;
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("offeredPerSecond", rate);
        Totals before = mode.batched() ? actuator.totals() : new Totals(0, 0, 0);
        Duration measured = longer ? settings.longer() : settings.step();
        OpenLoop load = OpenLoop.start(connections, requests, rate, settings.lead(), measured, seed + steps);
        Thread.sleep(settings.lead().toMillis());
        CpuTime cpuTime = CpuTime.of(application);
        Thread.sleep(measured.toMillis());
        cpuTime.addTo(metrics);
        load.awaitEnd(metrics);
        if (mode.batched()) {
            metrics.put("meanBatch", actuator.totals().since(before).meanSize());
        }
        listener.step(steps, metrics);
        Verdict verdict = Verdict.of(metrics);
        if (verdict != Verdict.HELD) {
            awaitQuiet();
        }
        return verdict;
    }

    /** What a step has left behind is worked off, so that the next one doesn't pay for it. */
    private void awaitQuiet() {
        connections.thread().execute(connections::reset);
        long endNanos = System.nanoTime() + LONGEST.toNanos();
        for (int quick = 0; quick < QUIET_IN_A_ROW && System.nanoTime() - endNanos < 0; ) {
            long beganNanos = System.nanoTime();
            ClosedLoop.run(connections, requests, 1, 1, LONGEST).join();
            quick = System.nanoTime() - beganNanos < QUIET.toNanos() ? quick + 1 : 0;
        }
    }
}
