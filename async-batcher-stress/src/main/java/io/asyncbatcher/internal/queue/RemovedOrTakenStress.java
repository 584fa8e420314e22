package io.asyncbatcher.internal.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.stress.QuietOwner;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** An item that its thread takes out again, under the lock, gives its room back once: by that or by leaving for a batch. */
@JCStressTest
@Outcome(id = "true, false, 0", expect = ACCEPTABLE, desc = "taken out again")
@Outcome(id = "false, true, 0", expect = ACCEPTABLE, desc = "gone for a batch")
@Outcome(expect = FORBIDDEN, desc = "both or none, or room is lost")
@State
public class RemovedOrTakenStress {

    private final TicketQueue<Integer, Integer> queue = new TicketQueue<>();
    private final Item<Integer, Integer> item = new Item<>(new QuietOwner(), 42);

    @Actor
    public void submitter(ZZI_Result left) {
        queue.add(item);
        synchronized (queue) {
            left.r1 = queue.remove(item);
        }
    }

    @Actor
    public void dispatcher(ZZI_Result left) {
        synchronized (queue) {
            left.r2 = queue.take(1).size() == 1;
        }
    }

    @Arbiter
    public void after(ZZI_Result left) {
        left.r3 = (int) queue.size();
    }
}
