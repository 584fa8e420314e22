package io.asyncbatcher.internal.item;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.stress.Parts;
import io.asyncbatcher.stress.QuietOwner;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** Two callers end an item: one of them does, and both hear it. */
@JCStressTest
@Outcome(id = "true, false, CancellationException", expect = ACCEPTABLE, desc = "cancelled")
@Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "completed")
@Outcome(expect = FORBIDDEN, desc = "no end, or two")
@State
public class CancelOrCompleteStress {

    private final Item<Integer, Integer> item = new Item<>(new QuietOwner(), 42);

    @Actor
    public void one(ZZL_Result end) {
        end.r1 = item.cancel(false);
    }

    @Actor
    public void other(ZZL_Result end) {
        end.r2 = item.complete(2);
    }

    @Arbiter
    public void after(ZZL_Result end) {
        end.r3 = item.owner() == null && item.value == null ? Parts.end(item) : "keeps its value";
    }
}
