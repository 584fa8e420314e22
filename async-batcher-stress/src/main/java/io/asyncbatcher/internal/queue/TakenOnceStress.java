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
import org.openjdk.jcstress.infra.results.III_Result;

/** An item is taken once: by the batch that meets its thread, from the cell that was late for that batch, or by the next. */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "by the batch")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "late for the batch")
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "by the next batch")
@Outcome(expect = FORBIDDEN, desc = "lost, or taken twice")
@State
public class TakenOnceStress {

    private final TicketQueue<Integer, Integer> queue = new TicketQueue<>();
    private final QuietOwner owner = new QuietOwner();
    private @Nullable Late late;

    @Actor
    public void submitter() {
        queue.add(new Item<>(owner, 42));
    }

    @Actor
    public void dispatcher(III_Result taken) {
        Load<Integer, Integer> load = queue.take(1);
        taken.r1 = load.poll() == null ? 0 : 1;
        late = load.takeLate();
    }

    @Arbiter
    public void after(III_Result taken) {
        taken.r2 = late != null && late.chunk.take(late.ticket) instanceof Item<?, ?> ? 1 : 0;
        taken.r3 = queue.take(1).poll() == null ? 0 : 1;
    }
}
