package io.asyncbatcher.internal.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A thread that can't store its item leaves a hole, which is visible to whoever sees the queue closed by it. */
@JCStressTest
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "nothing seen yet")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the hole is seen early")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both are seen")
@Outcome(id = "true, false", expect = FORBIDDEN, desc = "closed without a hole: a batch waits for the item")
@State
public class HoleStress {

    private final TicketQueue<Integer, Integer> queue = new TicketQueue<>();

    public HoleStress() {
        queue.mark(Long.MAX_VALUE, false, Long.MAX_VALUE);
    }

    @Actor
    @SuppressWarnings("NullAway") // fails between the ticket and the cell, as where the stack is full
    public void submitter() {
        try {
            queue.add(null);
        } catch (NullPointerException expected) {
            // as meant
        }
    }

    @Actor
    public void dispatcher(ZZ_Result seen) {
        seen.r1 = queue.closed;
        seen.r2 = queue.tailChunk.cells[0] == Chunk.HOLE;
    }
}
