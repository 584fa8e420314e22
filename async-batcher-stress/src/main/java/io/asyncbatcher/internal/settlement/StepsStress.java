package io.asyncbatcher.internal.settlement;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.internal.item.Item;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Who looks at the steps never sees them go back, though an update may be lost: {@code STEPS} is opaque. */
@JCStressTest
@Outcome(
        id = {"0, 0, 2", "0, 1, 2", "0, 2, 2", "1, 1, 2", "1, 2, 2", "2, 2, 2"},
        expect = ACCEPTABLE,
        desc = "on and on")
@Outcome(expect = FORBIDDEN, desc = "back, or lost without another thread at it")
@State
public class StepsStress {

    private final Ends<Integer, Integer> ends = new Ends<>(none(), new Object[0], 0);

    @SuppressWarnings("unchecked") // empty
    private static Item<Integer, Integer>[] none() {
        return (Item<Integer, Integer>[]) new Item<?, ?>[0];
    }

    @Actor
    public void settling() {
        ends.step();
        ends.step();
    }

    @Actor
    public void watchdog(III_Result steps) {
        steps.r1 = ends.steps();
        steps.r2 = ends.steps();
    }

    @Arbiter
    public void after(III_Result steps) {
        steps.r3 = ends.steps();
    }
}
