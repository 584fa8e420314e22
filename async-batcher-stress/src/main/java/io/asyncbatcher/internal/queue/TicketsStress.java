package io.asyncbatcher.internal.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.stress.QuietOwner;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** Two threads get two tickets, across the end of a chunk, and their items leave in the order of these. */
@JCStressTest
@Outcome(id = "1, 2, 1, 2", expect = ACCEPTABLE, desc = "the first thread came first")
@Outcome(id = "2, 1, 2, 1", expect = ACCEPTABLE, desc = "the second thread came first")
@Outcome(expect = FORBIDDEN, desc = "one ticket for both, an item lost, or out of order")
@State
public class TicketsStress {

    private final TicketQueue<Integer, Integer> queue = new TicketQueue<>();
    private final QuietOwner owner = new QuietOwner();

    public TicketsStress() {
        queue.add(new Item<>(owner, 0)); // the first chunk has two cells
    }

    @Actor
    public void one(IIII_Result tickets) {
        tickets.r1 = (int) queue.add(new Item<>(owner, 1));
    }

    @Actor
    public void other(IIII_Result tickets) {
        tickets.r2 = (int) queue.add(new Item<>(owner, 2));
    }

    @Arbiter
    public void after(IIII_Result tickets) {
        Load<Integer, Integer> all = queue.take(3);
        var unused = all.poll(); // the one that was there before
        tickets.r3 = value(all.poll());
        tickets.r4 = value(all.poll());
    }

    private static int value(@Nullable Item<?, ?> item) {
        return item != null && item.value instanceof Integer value ? value : 0;
    }
}
