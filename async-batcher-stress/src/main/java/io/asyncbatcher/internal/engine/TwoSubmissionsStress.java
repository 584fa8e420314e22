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
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two submissions to an idle batcher: neither is left in the queue with nobody to come for it. */
@JCStressTest
@Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "each has its result")
@Outcome(expect = FORBIDDEN, desc = "a lost wake-up, or another's result")
@State
public class TwoSubmissionsStress {

    private final HandRunTime time = new HandRunTime();
    private final AsyncBatcher<Integer, Integer> batcher = Parts.builder(time).build();
    private @Nullable CompletableFuture<Integer> ofOne;
    private @Nullable CompletableFuture<Integer> ofOther;

    @Actor
    public void one() {
        ofOne = batcher.process(1);
    }

    @Actor
    public void other() {
        ofOther = batcher.process(2);
    }

    @Arbiter
    public void after(LL_Result end) {
        time.ring(); // a cell that was late for its batch is looked at again then
        end.r1 = ofOne == null ? "none" : Parts.end(ofOne);
        end.r2 = ofOther == null ? "none" : Parts.end(ofOther);
    }
}
