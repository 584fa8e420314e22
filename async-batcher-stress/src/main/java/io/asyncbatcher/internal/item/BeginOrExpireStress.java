package io.asyncbatcher.internal.item;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.stress.HandRunTime;
import io.asyncbatcher.stress.QuietOwner;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** An item that expires while its batch begins knows whether it is in it: {@code BEGUN} goes one way. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "in the batch, and it may have run")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "expired before, and it has not run")
@Outcome(expect = FORBIDDEN, desc = "mayHaveRun lies")
@State
public class BeginOrExpireStress {

    private static final HandRunTime TIME = new HandRunTime();

    private final TimedItem<Integer, Integer> item = new TimedItem<>(new QuietOwner(), 42, "stress", null, TIME, 1);

    @Actor
    public void batch(ZZ_Result ran) {
        ran.r1 = item.begin();
    }

    @Actor
    public void timer(ZZ_Result ran) {
        ran.r2 = item.expiry().mayHaveRun();
    }
}
