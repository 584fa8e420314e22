package io.asyncbatcher.internal.batch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.stress.Streamed;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two threads report the same item: one of them is the first, and the item ends as it says. */
@JCStressTest
@Outcome(
        id = {"1", "2"},
        expect = ACCEPTABLE,
        desc = "one of the reports")
@Outcome(expect = FORBIDDEN, desc = "neither")
@State
public class ReportedTwiceStress {

    private final Streamed streamed = new Streamed();

    @Actor
    public void one() {
        streamed.results().success(0, 1);
    }

    @Actor
    public void other() {
        streamed.results().success(0, 2);
    }

    @Arbiter
    public void after(L_Result end) {
        end.r1 = streamed.end();
    }
}
