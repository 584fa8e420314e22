package io.asyncbatcher.grpc;

import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.TimeSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Who observes a client. What happens in its queues they are told by these, through a {@link Relay}; the ends of items that were
 * written to a worker they are told here.
 */
final class Observers {

    private final String name;
    private final List<Lane> lanes;
    private final TimeSource time;
    private final List<BatcherListener> listeners = new CopyOnWriteArrayList<>();

    Observers(String name, List<Lane> lanes, TimeSource time) {
        this.name = name;
        this.lanes = lanes;
        this.time = time;
    }

    void add(BatcherListener listener) {
        listeners.add(listener);
        lanes.forEach(lane -> lane.queue().addListener(new Relay(listener)));
    }

    void remove(BatcherListener listener) {
        listeners.remove(listener);
        lanes.forEach(lane -> lane.queue().removeListener(new Relay(listener)));
    }

    void settled(RemoteCall<?> call, @Nullable Throwable end) {
        if (listeners.isEmpty()) {
            return;
        }
        long latency = time.nanoTime() - call.submittedNanos;
        ItemOutcome outcome = outcome(call, end);
        for (BatcherListener listener : listeners) {
            try {
                listener.onSettled(name, outcome, latency);
            } catch (Throwable e) { // an observer is user code
                System.getLogger(Observers.class.getName())
                        .log(System.Logger.Level.WARNING, "A listener of batcher '" + name + "' failed", e);
            }
        }
    }

    private static ItemOutcome outcome(RemoteCall<?> call, @Nullable Throwable end) {
        if (!call.wasEnded()) {
            return ItemOutcome.CANCELLED;
        }
        if (end == null) {
            return ItemOutcome.SUCCESS;
        }
        if (end instanceof ItemExpiredException) {
            return ItemOutcome.EXPIRED;
        }
        return end instanceof BatchAbortedException || end instanceof BatcherStoppedException
                ? ItemOutcome.ABORTED
                : ItemOutcome.FAILURE;
    }
}
