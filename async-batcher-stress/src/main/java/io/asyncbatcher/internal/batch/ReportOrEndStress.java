package io.asyncbatcher.internal.batch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.stress.Streamed;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/** An item is reported while the stage ends: it was in time, or the item was not reported. The slot is free in the end. */
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "in time")
@Outcome(id = "BatchResultException, 0", expect = ACCEPTABLE, desc = "too late")
@Outcome(expect = FORBIDDEN, desc = "unsettled, or a lost slot")
@State
public class ReportOrEndStress {

    private final Streamed streamed = new Streamed();

    @Actor
    public void reporter() {
        streamed.results().success(0, 1);
    }

    @Actor
    public void stage() {
        streamed.stage.complete(null);
    }

    @Arbiter
    public void after(LI_Result end) {
        end.r1 = streamed.end();
        end.r2 = streamed.batcher.snapshot().activeBatches();
    }
}
