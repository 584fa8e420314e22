package io.asyncbatcher.internal.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.internal.item.Listeners;
import io.asyncbatcher.stress.HandRunTime;
import io.asyncbatcher.stress.Parts;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A submission that sees a new listener sees all that was written before it was added: {@code listeners} is volatile. */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "1, 1"},
        expect = ACCEPTABLE,
        desc = "in order")
@Outcome(id = "1, 0", expect = FORBIDDEN, desc = "a listener without what was written before")
@State
public class ListenersStress {

    private static final BatcherListener LISTENER = new BatcherListener() {};

    private final Submission<Integer, Integer> submission =
            new Ports<Integer, Integer>(Parts.setup(new HandRunTime()), null, Parts.options()).submission();
    private int before;

    @Actor
    public void operator() {
        before = 1;
        submission.listeners(Listeners.with(null, LISTENER));
    }

    @Actor
    public void submitter(II_Result seen) {
        seen.r1 = submission.listeners() == null ? 0 : 1;
        seen.r2 = before;
    }
}
