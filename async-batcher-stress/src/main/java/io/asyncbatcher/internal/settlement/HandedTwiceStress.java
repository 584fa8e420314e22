package io.asyncbatcher.internal.settlement;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.stress.QuietOwner;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** An executor that runs a task twice has its item settled by it once. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "settled and counted once")
@Outcome(expect = FORBIDDEN, desc = "never, or twice")
@State
public class HandedTwiceStress implements Handed.Settler {

    private final AtomicInteger settled = new AtomicInteger();
    private final AtomicInteger counted = new AtomicInteger();
    private final Handed task = new Handed(this, new Item<>(new QuietOwner(), 42), 1);

    @Actor
    public void one() {
        task.run();
    }

    @Actor
    public void other() {
        task.run();
    }

    @Arbiter
    public void after(II_Result end) {
        end.r1 = settled.get();
        end.r2 = counted.get();
    }

    @Override
    public void settle(Handed handed) {
        settled.incrementAndGet();
        handed.end();
    }

    @Override
    public void countDown() {
        counted.incrementAndGet();
    }
}
