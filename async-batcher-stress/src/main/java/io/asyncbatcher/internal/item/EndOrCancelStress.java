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
import org.openjdk.jcstress.infra.results.ZL_Result;

/** The engine ends an item while its caller cancels it: one end, and the caller hears whether it was its own. */
@JCStressTest
@Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "the engine's result")
@Outcome(id = "true, CancellationException", expect = ACCEPTABLE, desc = "cancelled")
@Outcome(expect = FORBIDDEN, desc = "no end, or another than the caller heard")
@State
public class EndOrCancelStress {

    private final Item<Integer, Integer> item = new Item<>(new QuietOwner(), 42);

    @Actor
    public void engine() {
        item.end(1);
    }

    @Actor
    public void caller(ZL_Result end) {
        end.r1 = item.cancel(false);
    }

    @Arbiter
    public void after(ZL_Result end) {
        end.r2 = item.owner() == null && item.value == null ? Parts.end(item) : "keeps its value";
    }
}
