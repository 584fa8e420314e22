package io.asyncbatcher.internal.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.stress.QuietOwner;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** An item in a cell is there with its value and its position: {@code CELL} is written with release, read with acquire. */
@JCStressTest
@Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "not stored yet")
@Outcome(id = "42, 1", expect = ACCEPTABLE, desc = "stored, with all that belongs to it")
@Outcome(expect = FORBIDDEN, desc = "the item is there before its fields are")
@State
public class CellHandOverStress {

    private final TicketQueue<Integer, Integer> queue = new TicketQueue<>();
    private final QuietOwner owner = new QuietOwner();

    @Actor
    public void submitter() {
        queue.add(new Item<>(owner, 42));
    }

    @Actor
    public void dispatcher(II_Result seen) {
        Item<?, ?> item = queue.first();
        seen.r1 = item == null ? -1 : item.value instanceof Integer value ? value : 0;
        seen.r2 = item == null ? -1 : item.position == null ? 0 : 1;
    }
}
