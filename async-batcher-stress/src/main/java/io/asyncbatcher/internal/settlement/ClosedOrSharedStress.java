package io.asyncbatcher.internal.settlement;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.stress.HandRunTime;
import io.asyncbatcher.stress.Parts;
import io.asyncbatcher.stress.QuietOwner;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * The watchdog lets another thread go on while the first one comes to the end: the first one has closed the settlement and
 * says itself that all is settled, or it is shared and that is said once.
 */
@JCStressTest
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "by the first thread, which has closed it")
@Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "once, by one of them")
@Outcome(expect = FORBIDDEN, desc = "never said, or twice, or arrays are used again that others are at")
@State
public class ClosedOrSharedStress implements Settlement.Origin<Integer, Integer> {

    private final QuietOwner owner = new QuietOwner();
    private final AtomicInteger said = new AtomicInteger();
    private final Settlement<Integer, Integer> settlement =
            new Settlement<>(Parts.setup(new HandRunTime()), owner, Items.two(owner), this);

    @Actor
    public void first(ZI_Result end) {
        try (Frame frame = Frame.open(owner)) {
            end.r1 = settlement.atBatchEnd(frame);
        }
    }

    @Actor
    public void watchdog() {
        settlement.goOn(Runnable::run);
    }

    @Arbiter
    public void after(ZI_Result end) {
        end.r2 = said.get();
    }

    @Override
    public void giveUpReservation() {}

    @Override
    public void keepOnly(Settlement<Integer, Integer> rest, Ends<Integer, Integer> unsettled) {}

    /** As if it had been said, so that what is said because of an error doesn't count. */
    @Override
    public boolean isSettledBy(Settlement<Integer, Integer> other) {
        return false;
    }

    @Override
    public void settled() {
        said.incrementAndGet();
    }
}
