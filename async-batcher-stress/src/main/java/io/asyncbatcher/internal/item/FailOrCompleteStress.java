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

/** The engine fails an item while its caller completes it: one end, and the caller hears whether it was its own. */
@JCStressTest
@Outcome(id = "false, IllegalStateException", expect = ACCEPTABLE, desc = "the engine's failure")
@Outcome(id = "true, 2", expect = ACCEPTABLE, desc = "the caller's result")
@Outcome(expect = FORBIDDEN, desc = "no end, or another than the caller heard")
@State
public class FailOrCompleteStress {

    private static final Failed FAILED = Failed.by(new IllegalStateException());

    private final Item<Integer, Integer> item = new Item<>(new QuietOwner(), 42);

    @Actor
    public void engine() {
        item.end(FAILED);
    }

    @Actor
    public void caller(ZL_Result end) {
        end.r1 = item.complete(2);
    }

    @Arbiter
    public void after(ZL_Result end) {
        end.r2 = item.owner() == null && item.value == null ? Parts.end(item) : "keeps its value";
    }
}
