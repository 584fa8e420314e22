package io.asyncbatcher.internal.item;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.stress.Parts;
import io.asyncbatcher.stress.QuietOwner;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** The caller cancels the common future while the engine ends its items: it has one end, and every item has one. */
@JCStressTest
@Outcome(id = "false, [1, 2]", expect = ACCEPTABLE, desc = "all results came before")
@Outcome(id = "true, CancellationException", expect = ACCEPTABLE, desc = "cancelled")
@Outcome(expect = FORBIDDEN, desc = "no end, or another than the caller heard")
@State
public class TogetherCancelledStress {

    private final QuietOwner owner = new QuietOwner();
    private final Item<Integer, Integer> first = new Item<>(owner, 1);
    private final Item<Integer, Integer> second = new Item<>(owner, 2);
    private final Together<Integer> both = Together.gather(owner, List.of(first, second));

    @Actor
    public void engine() {
        first.end(1);
        second.end(2);
    }

    @Actor
    public void caller(ZL_Result end) {
        end.r1 = both.cancel(false);
    }

    @Arbiter
    public void after(ZL_Result end) {
        end.r2 = first.isDone() && second.isDone() ? Parts.end(both) : "items without an end";
    }
}
