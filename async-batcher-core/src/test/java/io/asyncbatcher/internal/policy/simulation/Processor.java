package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * What carries out the calls: each has some work to do, and calls that run at once slow each other down, so that the time
 * of a call depends on what begins and ends beside it.
 */
final class Processor {

    /** How many times as long a call takes beside others, by the number of calls that run with it, and above how many it refuses. */
    record Crowding(String name, IntToDoubleFunction slowness, int most, long retryAfterNanos) {

        /** Calls don't mind each other. */
        static final Crowding NONE = new Crowding("independent", running -> 1, Integer.MAX_VALUE, 0);

        /** Calls share cores. */
        static Crowding cores(int cores) {
            return new Crowding(
                    cores + " cores", running -> Math.max(1, running / (double) cores), Integer.MAX_VALUE, 0);
        }

        /** Each call slows all others down. */
        static Crowding contended(double factor) {
            return new Crowding(
                    "contended, " + factor,
                    running -> 1 + factor * (running - 1) * (running - 1),
                    Integer.MAX_VALUE,
                    0);
        }

        /** More calls than so many are refused. */
        static Crowding refusing(int most, long retryAfterNanos) {
            return new Crowding("rejects above " + most, running -> 1, most, retryAfterNanos);
        }
    }

    private static final class Call {
        double left;
        final Runnable done;

        Call(double left, Runnable done) {
            this.left = left;
            this.done = done;
        }
    }

    private final Simulation simulation;
    private final List<Call> calls = new ArrayList<>();
    private Crowding crowding = Crowding.NONE;
    private long countedTo;
    private TimeSource.Alarm alarm = () -> {};

    Processor(Simulation simulation) {
        this.simulation = simulation;
    }

    /** From now on calls crowd so. */
    void crowd(Crowding crowding) {
        work();
        this.crowding = crowding;
        next();
    }

    /** Whether another call would be refused, for how long: 0 if not. */
    long refusalNanos() {
        return calls.size() >= crowding.most ? crowding.retryAfterNanos : 0;
    }

    void call(double workNanos, Runnable done) {
        work();
        calls.add(new Call(workNanos, done));
        next();
    }

    private void work() {
        long now = simulation.now();
        double each = (now - countedTo) / slowness();
        for (Call call : calls) {
            call.left -= each;
        }
        countedTo = now;
    }

    private double slowness() {
        return crowding.slowness.applyAsDouble(Math.max(1, calls.size()));
    }

    private void next() {
        alarm.cancel();
        double least = calls.stream().mapToDouble(call -> call.left).min().orElse(-1);
        if (!calls.isEmpty()) {
            alarm = simulation.after((long) Math.ceil(Math.max(0, least) * slowness()), this::end);
        }
    }

    private void end() {
        work();
        List<Call> ended = calls.stream().filter(call -> call.left < 0.5).toList();
        calls.removeAll(ended);
        next();
        ended.forEach(call -> call.done.run());
    }
}
