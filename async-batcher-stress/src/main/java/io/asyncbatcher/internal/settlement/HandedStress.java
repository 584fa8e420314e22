package io.asyncbatcher.internal.settlement;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.stress.Parts;
import io.asyncbatcher.stress.QuietOwner;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IL_Result;

/** A task of a completionExecutor that has lost it, or not: run while another thread ends its item, it is counted once. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "settled and counted once")
@Outcome(expect = FORBIDDEN, desc = "never counted, or twice")
@State
public class HandedStress implements Handed.Settler {

    private final Item<Integer, Integer> item = new Item<>(new QuietOwner(), 42);
    private final AtomicInteger counted = new AtomicInteger();
    private final Handed task = new Handed(this, item, 1);

    public HandedStress() {
        item.position = task;
    }

    @Actor
    public void executor() {
        task.run();
    }

    @Actor
    public void other() {
        task.end();
    }

    @Arbiter
    public void after(IL_Result end) {
        end.r1 = counted.get();
        end.r2 = Parts.end(item);
    }

    @Override
    public void settle(Handed handed) {
        handed.end();
    }

    @Override
    public void countDown() {
        counted.incrementAndGet();
    }
}
