package io.asyncbatcher.internal.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Lost updates of {@code wary} are benign: whatever becomes of them, the path is quick again after so many batches. */
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "quick again")
@Outcome(expect = FORBIDDEN, desc = "wary for longer than was asked for")
@State
public class QuickPathStress {

    private static final int MORE_THAN_WARY = 31;

    private final QuickPath path = new QuickPath();

    @Actor
    public void batch() {
        boolean unused = path.isQuick(0);
    }

    @Actor
    public void watchdog() {
        path.beWary();
    }

    @Arbiter
    public void after(Z_Result quick) {
        for (int i = 0; i < MORE_THAN_WARY; i++) {
            quick.r1 = path.isQuick(0);
        }
    }
}
