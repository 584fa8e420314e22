package io.asyncbatcher.internal.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.thread.Now;
import io.asyncbatcher.stress.HandRunTime;
import io.asyncbatcher.stress.QuietOwner;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** An item that is stored too late is found once: by who looks at the late cells, or by its own thread. */
@JCStressTest
@Outcome(id = "true, false, 0", expect = ACCEPTABLE, desc = "its own thread takes it back")
@Outcome(id = "false, true, 0", expect = ACCEPTABLE, desc = "it is found among the late ones")
@Outcome(expect = FORBIDDEN, desc = "lost, or found twice")
@State
public class LateCellStress {

    private static final TimeSource TIME = new HandRunTime();

    private final Chunk chunk = Chunk.first();
    private final LateCells cells = new LateCells();
    private final Item<Integer, Integer> item = new Item<>(new QuietOwner(), 42);

    public LateCellStress() {
        cells.add(new Late(chunk, 0, null), new Now(TIME));
    }

    @Actor
    public void submitter(ZZI_Result found) {
        chunk.put(0, item);
        synchronized (cells) {
            found.r1 = cells.remove(0);
        }
    }

    @Actor
    public void dispatcher(ZZI_Result found) {
        synchronized (cells) {
            found.r2 = takeStored();
        }
    }

    @Arbiter
    public void after(ZZI_Result found) {
        found.r3 = takeStored() ? 1 : 0;
    }

    private boolean takeStored() {
        cells.look();
        boolean isStored = cells.stored() != null;
        if (isStored) {
            cells.removeStored();
        }
        return isStored;
    }
}
