package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.TimeSource;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/** One run of a scenario on a virtual clock: the same scenario and seed give the same items to every policy. */
final class Simulation {

    /** What a batch takes on the mean, {@code a + b * items}, and how much it varies (a log-normal's sigma). */
    record Service(double aMillis, double bMillis, double sigma) {

        double millis(int items) {
            return aMillis + bMillis * items;
        }
    }

    /** So many items of one kind of traffic, on one kind of processor. */
    record Phase(Service service, Traffic traffic, int items) {}

    /** Phases, one after the other. */
    record Scenario(String name, int slots, List<Phase> phases) {}

    private final VirtualTime time = new VirtualTime();
    private final long startNanos = time.nanoTime();
    private final Scenario scenario;
    private final long seed;
    private final Random noise;
    private final Station station;
    private final long[] submitted;
    private final long[] latencies;
    private int phase = -1;
    private int phaseEnd;
    private int next;
    private int settled;

    private Simulation(Scenario scenario, long seed, Station.Factory factory) {
        this.scenario = scenario;
        this.seed = seed;
        noise = new Random(~seed);
        int items = scenario.phases.stream().mapToInt(Phase::items).sum();
        submitted = new long[items];
        latencies = new long[items];
        station = factory.make(this);
    }

    static Latencies run(Scenario scenario, long seed, Station.Factory factory) {
        Simulation simulation = new Simulation(scenario, seed, factory);
        simulation.nextPhase();
        while (simulation.settled < simulation.latencies.length) {
            simulation.time.advance(Duration.ofSeconds(1));
        }
        return new Latencies(simulation.submitted, simulation.latencies);
    }

    private void nextPhase() {
        if (++phase < scenario.phases.size()) {
            Phase began = scenario.phases.get(phase);
            phaseEnd += began.items;
            began.traffic.begin(this, new Random(31 * seed + phase));
        }
    }

    // ---- for traffic ----

    void submit() {
        submit(() -> {});
    }

    /** Submits an item, unless the phase of this traffic is over. */
    void submit(Runnable done) {
        if (next == phaseEnd) {
            return;
        }
        int item = next++;
        submitted[item] = now() - startNanos;
        station.submit(() -> {
            latencies[item] = now() - startNanos - submitted[item];
            settled++;
            done.run();
        });
        if (next == phaseEnd) {
            nextPhase();
        }
    }

    /** Does it again and again while this phase lasts, after a gap each time. */
    void repeat(LongSupplier gap, Runnable action) {
        int mine = phase;
        after(gap.getAsLong(), () -> {
            if (phase == mine) {
                action.run();
                repeat(gap, action);
            }
        });
    }

    // ---- for stations ----

    VirtualTime time() {
        return time;
    }

    int slots() {
        return scenario.slots;
    }

    long now() {
        return time.nanoTime();
    }

    TimeSource.Alarm after(long delayNanos, Runnable task) {
        return time.schedule(task, delayNanos);
    }

    /** How long a batch takes that begins now. */
    long serviceNanos(int items) {
        Service service = scenario.phases.get(Math.min(phase, scenario.phases.size() - 1)).service;
        double factor = Math.exp(service.sigma * noise.nextGaussian() - service.sigma * service.sigma / 2);
        return (long) (1e6 * service.millis(items) * factor);
    }
}
