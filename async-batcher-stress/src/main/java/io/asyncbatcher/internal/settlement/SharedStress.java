package io.asyncbatcher.internal.settlement;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.stress.HandRunTime;
import io.asyncbatcher.stress.Parts;
import io.asyncbatcher.stress.QuietOwner;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** Of several threads that settle the items of one settlement one says that all are settled: {@code SHARED} to {@code FINISHED}. */
@JCStressTest
@Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "said once")
@Outcome(expect = FORBIDDEN, desc = "never said, or twice")
@State
public class SharedStress {

    private final QuietOwner owner = new QuietOwner();
    private final Ends<Integer, Integer> ends = Items.two(owner);
    private final Settlement<Integer, Integer> settlement;
    private final Runnable first;
    private final Runnable second;

    public SharedStress() {
        HandRunTime time = new HandRunTime();
        for (int i = 0; i < ends.count(); i++) {
            var unused = ends.item(i).thenAccept(result -> {}); // somebody waits, so each is left to a thread
        }
        settlement = new Settlement<>(Parts.setup(time), owner, ends, null);
        settlement.aside();
        time.takeOffloaded().run();
        first = time.takeOffloaded();
        second = time.takeOffloaded();
    }

    @Actor
    public void one() {
        first.run();
    }

    @Actor
    public void other() {
        second.run();
    }

    @Arbiter
    public void after(ZI_Result said) {
        said.r1 = settlement.isFinished();
        said.r2 = owner.settled();
    }
}
