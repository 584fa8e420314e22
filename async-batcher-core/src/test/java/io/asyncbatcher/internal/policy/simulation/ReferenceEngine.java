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
    private int running;
    private boolean lingers;
    private long lingerSince;
    private long heldUntil;
    private TimeSource.Alarm alarm = () -> {};

    ReferenceEngine(Simulation simulation, DispatchPolicy policy, int maxBatchSize, long lingerNanos) {
        this.simulation = simulation;
        this.policy = policy;
        this.maxBatchSize = maxBatchSize;
        this.lingerNanos = lingerNanos;
        policy.configure(maxBatchSize, simulation.slots());
        heldUntil = simulation.now();
    }

    @Override
    public void submit(Runnable done) {
        boolean idle = queue.isEmpty() && freeSlots() > 0;
        queue.add(new Queued(simulation.now(), done));
        policy.arrived(simulation.now(), 1, idle);
        dispatch();
    }

    private int freeSlots() {
        return simulation.now() - heldUntil < 0 ? 0 : slotsNotTaken();
    }

    private int slotsNotTaken() {
        int limit = simulation.slots() == -1 ? Integer.MAX_VALUE : simulation.slots();
        return (int) Math.min(policy.slots(simulation.now()), limit) - running;
    }

    private void dispatch() {
        dispatchDue();
        policy.followsArrivals(simulation.now(), slotsNotTaken() > 0); // each is told at once here
    }

    private void dispatchDue() {
        while (freeSlots() > 0 && !queue.isEmpty()) {
            long now = simulation.now();
            long lingered = policy.lingeredNanos(now - queue.element().nanoTime, lingers ? now - lingerSince : 0);
            long left = lingerNanos - lingered;
            DispatchPolicy.Moment moment =
                    new DispatchPolicy.Moment(now, queue.size(), lingered, left, DispatchPolicy.NEVER, freeSlots());
            long wait = queue.size() >= maxBatchSize ? 0 : Math.min(left, policy.waitNanos(moment));
            if (wait > 0) {
                lingerSince = lingers ? lingerSince : now;
                lingers = true;
                alarm.cancel();
                alarm = simulation.after(wait, this::dispatch);
                return;
            }
            run(Math.min(policy.share(queue.size()), maxBatchSize));
            lingers &= !queue.isEmpty() && freeSlots() > 0;
        }
    }

    private void run(int items) {
        List<Queued> batch = new ArrayList<>(items);
        for (int i = 0; i < items; i++) {
            batch.add(queue.remove());
        }
        running++;
        BatchRun run = policy.began(simulation.now(), items, queue.size());
        long refusal = simulation.refusalNanos();
        if (refusal > 0) {
            simulation.after(0, () -> rejected(batch, run, refusal));
        } else {
            simulation.process(items, () -> ended(batch, run));
        }
    }

    private void ended(List<Queued> batch, BatchRun run) {
        running--;
        policy.ended(simulation.now(), run, simulation.now() - run.beganNanos(), queue.size());
        dispatch();
        batch.forEach(each -> each.done.run());
    }

    private void rejected(List<Queued> batch, BatchRun run, long refusal) {
        running--;
        for (int i = batch.size() - 1; i >= 0; i--) {
            queue.addFirst(batch.get(i));
        }
        policy.rejected(simulation.now(), run, refusal);
        heldUntil = simulation.now() + refusal;
        simulation.after(refusal, this::dispatch);
    }
}
