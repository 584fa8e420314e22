package io.asyncbatcher.internal.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.stress.QuietOwner;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * No item stays without room: the submitting thread sees the mark, or who sets the mark sees the ticket (Dekker's argument on
 * {@code limit} and {@code tail}).
 */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the submitting thread asks the engine")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the engine sees the ticket")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "an item that has no room stays unseen")
@State
public class LimitStress {

    private final TicketQueue<Integer, Integer> queue = new TicketQueue<>();
    private final Item<Integer, Integer> item = new Item<>(new QuietOwner(), 42);

    public LimitStress() {
        queue.mark(Long.MAX_VALUE, false, Long.MAX_VALUE);
    }

    @Actor
    public void submitter(ZZ_Result rejected) {
        long ticket = queue.add(item);
        rejected.r1 = ticket >= queue.limit;
    }

    @Actor
    public void dispatcher(ZZ_Result rejected) {
        queue.mark(0, true, Long.MAX_VALUE);
        rejected.r2 = queue.tail() > 0;
    }
}
