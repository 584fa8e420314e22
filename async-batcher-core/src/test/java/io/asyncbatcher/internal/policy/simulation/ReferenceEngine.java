package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.policy.DispatchPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The least engine that a {@link DispatchPolicy} can decide for: one queue, some slots, one thread, virtual time. */
final class ReferenceEngine implements Station {

    private record Queued(long nanoTime, Runnable done) {}

    private final Simulation simulation;
    private final DispatchPolicy policy;
    private final int maxBatchSize;
    private final long lingerNanos;
    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    private int freeSlots;
    private TimeSource.Alarm alarm = () -> {};

    ReferenceEngine(Simulation simulation, DispatchPolicy policy, int maxBatchSize, long lingerNanos) {
        this.simulation = simulation;
        this.policy = policy;
        this.maxBatchSize = maxBatchSize;
        this.lingerNanos = lingerNanos;
        this.freeSlots = simulation.slots();
        policy.configure(maxBatchSize, freeSlots);
    }

    @Override
    public void submit(Runnable done) {
        boolean idle = queue.isEmpty() && freeSlots > 0;
        queue.add(new Queued(simulation.now(), done));
        policy.arrived(simulation.now(), 1, idle);
        dispatch();
    }

    private void dispatch() {
        while (freeSlots > 0 && !queue.isEmpty()) {
            long now = simulation.now();
            long lingered = policy.lingeredNanos(now, now - queue.element().nanoTime);
            long left = lingerNanos - lingered;
            DispatchPolicy.Moment moment =
                    new DispatchPolicy.Moment(now, queue.size(), lingered, left, DispatchPolicy.NEVER, freeSlots);
            long wait = queue.size() >= maxBatchSize ? 0 : Math.min(left, policy.waitNanos(moment));
            if (wait > 0) {
                alarm.cancel();
                alarm = simulation.after(wait, this::dispatch);
                return;
            }
            run(Math.min(policy.share(queue.size()), maxBatchSize));
        }
    }

    private void run(int items) {
        freeSlots--;
        List<Queued> batch = new ArrayList<>(items);
        for (int i = 0; i < items; i++) {
            batch.add(queue.remove());
        }
        BatchRun run = policy.began(simulation.now(), items);
        simulation.after(simulation.serviceNanos(items), () -> {
            freeSlots++;
            policy.ended(simulation.now(), run, simulation.now() - run.beganNanos());
            dispatch();
            batch.forEach(each -> each.done.run());
        });
    }
}
