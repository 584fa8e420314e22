package io.asyncbatcher.internal.settlement;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.stress.Parts;
import io.asyncbatcher.stress.Streamed;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** An item is reported while the thread that settles the last one finds nothing more: it goes on, or another is sent. */
@JCStressTest
@Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "both settled while the processor goes on")
@Outcome(expect = FORBIDDEN, desc = "a report that nobody settles")
@State
public class ReportWakeUpStress {

    private final Streamed streamed = new Streamed(2);

    public ReportWakeUpStress() {
        streamed.results().success(0, 1);
    }

    @Actor
    public void settler() {
        streamed.time.takeOffloaded().run();
    }

    @Actor
    public void reporter() {
        streamed.results().success(1, 2);
    }

    @Arbiter
    public void after(LL_Result ends) {
        ends.r1 = streamed.end();
        ends.r2 = Parts.end(streamed.items.get(1));
    }
}
