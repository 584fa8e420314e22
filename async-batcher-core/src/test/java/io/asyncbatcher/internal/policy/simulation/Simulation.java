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
    record Service(double aMillis, double bMillis, double sigma, Processor.Crowding crowding) {

        Service(double aMillis, double bMillis, double sigma) {
            this(aMillis, bMillis, sigma, Processor.Crowding.NONE);
        }

        double millis(int items) {
            return aMillis + bMillis * items;
        }
    }

    /** So many items of one kind of traffic, on one kind of processor. */
    record Phase(Service service, Traffic traffic, int items) {}

    /** Phases, one after the other. */
    record Scenario(String name, int slots, List<Phase> phases) {}

    private final TimeSource time;
    private final long startNanos;
    private final Scenario scenario;
    private final long seed;
    private final Random noise;
    private final Station station;
    private final long[] submitted;
    private final long[] latencies;
    private final Processor processor = new Processor(this);
    private int phase = -1;
    private int phaseEnd;
    private int next;
    private int settled;

    private Simulation(Scenario scenario, long seed, TimeSource time, Station.Factory factory) {
        this.time = time;
        startNanos = time.nanoTime();
        this.scenario = scenario;
        this.seed = seed;
        noise = new Random(~seed);
        int items = scenario.phases.stream().mapToInt(Phase::items).sum();
        submitted = new long[items];
        latencies = new long[items];
        station = factory.make(this);
    }

    static Latencies run(Scenario scenario, long seed, Station.Factory factory) {
        VirtualTime time = new VirtualTime();
        return run(new Simulation(scenario, seed, time, factory), () -> time.advance(Duration.ofSeconds(1)));
    }

    /** The same on the machine's clock: this thread submits, and the stations process on threads of their own. */
    static Latencies runOnThreads(Scenario scenario, long seed, Station.Factory factory) {
        RealTime time = new RealTime();
        return run(new Simulation(scenario, seed, time, factory), time::runNext);
    }

    private static Latencies run(Simulation simulation, Runnable step) {
        simulation.nextPhase();
        while (simulation.settled < simulation.latencies.length) {
            step.run();
        }
        return new Latencies(simulation.submitted, simulation.latencies);
    }

    private void nextPhase() {
        if (++phase < scenario.phases.size()) {
            Phase began = scenario.phases.get(phase);
            phaseEnd += began.items;
            processor.crowd(began.service.crowding);
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

    TimeSource time() {
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

    /** For how long the processor refuses a call that begins now; 0 = not. */
    long refusalNanos() {
        return processor.refusalNanos();
    }

    /** Processes a batch of so many items from now on. */
    void process(int items, Runnable done) {
        processor.call(workNanos(items), done);
    }

    /** How long a batch takes by itself; may be asked by any thread. */
    synchronized double workNanos(int items) {
        Service service = scenario.phases.get(Math.min(phase, scenario.phases.size() - 1)).service;
        double factor = Math.exp(service.sigma * noise.nextGaussian() - service.sigma * service.sigma / 2);
        return 1e6 * service.millis(items) * factor;
    }
}
