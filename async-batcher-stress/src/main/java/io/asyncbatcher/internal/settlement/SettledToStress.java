package io.asyncbatcher.internal.settlement;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.stress.QuietOwner;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** Of two threads that settle an item each, the later one finds all settled, whatever becomes of {@code settledTo}. */
@JCStressTest
@Outcome(
        id = {"true, false, true", "false, true, true", "true, true, true"},
        expect = ACCEPTABLE,
        desc = "found")
@Outcome(expect = FORBIDDEN, desc = "nobody finds that all is settled")
@State
public class SettledToStress {

    private final Ends<Integer, Integer> ends = Items.two(new QuietOwner());

    @Actor
    public void one(ZZZ_Result found) {
        ends.settle(0, 1);
        found.r1 = ends.areSettled();
    }

    @Actor
    public void other(ZZZ_Result found) {
        ends.settle(1, 2);
        found.r2 = ends.areSettled();
    }

    @Arbiter
    public void after(ZZZ_Result found) {
        found.r3 = ends.areSettled();
    }
}
