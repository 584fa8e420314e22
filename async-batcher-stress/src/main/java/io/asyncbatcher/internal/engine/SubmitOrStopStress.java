package io.asyncbatcher.internal.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.stress.HandRunTime;
import io.asyncbatcher.stress.Parts;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZ_Result;

/** A submission that meets a stop is rejected, or settled before the stop ends. */
@JCStressTest
@Outcome(
        id = {"1, true", "BatcherStoppedException, true"},
        expect = ACCEPTABLE,
        desc = "before the stop, or after it")
@Outcome(expect = FORBIDDEN, desc = "forgotten, or a stop without an end")
@State
public class SubmitOrStopStress {

    private final HandRunTime time = new HandRunTime();
    private final AsyncBatcher<Integer, Integer> batcher = Parts.builder(time).build();
    private @Nullable CompletableFuture<Integer> item;
    private @Nullable CompletableFuture<Void> stop;

    @Actor
    public void submitter() {
        item = batcher.process(1);
    }

    @Actor
    public void stop() {
        stop = batcher.stop(false);
    }

    @Arbiter
    public void after(LZ_Result end) {
        time.ring();
        end.r1 = item == null ? "none" : Parts.end(item);
        end.r2 = stop != null && stop.isDone();
    }
}
