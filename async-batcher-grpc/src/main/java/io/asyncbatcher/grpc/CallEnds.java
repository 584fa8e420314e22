package io.asyncbatcher.grpc;

import io.asyncbatcher.ItemTooHeavyException;
import io.asyncbatcher.TimeSource;
import io.asyncbatcher.grpc.wire.Failure;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Settles a client's items: on the executor that callers' continuations run on, never where streams are worked at. */
final class CallEnds {

    private final String name;
    private final TimeSource time;
    private final Executor completion;

    CallEnds(String name, TimeSource time, Executor completion) {
        this.name = name;
        this.time = time;
        this.completion = completion;
    }

    /** Runs ends that belong together, one after the other; a continuation that blocks delays those after it. */
    void settle(List<Runnable> ends) {
        if (ends.isEmpty()) {
            return;
        }
        Runnable task = () -> ends.forEach(Runnable::run);
        try {
            completion.execute(task);
        } catch (RejectedExecutionException e) { // an executor that is shut down must not keep callers waiting
            time.offload(task);
        }
    }

    /** The worker's answer is a failure; called where ends run. */
    void failed(RemoteCall<?> call, Failure failure) {
        call.fail(Failures.fromWire(name, failure, call.hadRunBefore()));
    }

    void expired(RemoteCall<?> call) {
        settle(List.of(() -> call.expire(name)));
    }

    void tooHeavyForWorker(RemoteCall<?> call, int limit) {
        settle(List.of(() -> call.fail(new ItemTooHeavyException(
                "An item of batcher '" + name + "' is bigger than the " + limit
                        + " bytes that the worker takes as a frame",
                call.mayHaveRun()))));
    }

    /** From now on the item's time is over when its alarm rings, wherever it is. */
    void startsAlarm(RemoteCall<?> call, long now) {
        call.alarm(time, () -> expired(call), now);
    }
}
