package io.asyncbatcher.internal.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.stress.HandRunTime;
import io.asyncbatcher.stress.Parts;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Two submissions where there is room for one: one is queued, the other rejected. */
@JCStressTest
@Outcome(
        id = {"true, false, 1", "false, true, 1"},
        expect = ACCEPTABLE,
        desc = "one has room")
@Outcome(expect = FORBIDDEN, desc = "both or none, or the count is wrong")
@State
public class RoomForOneStress {

    private final AsyncBatcher<Integer, Integer> batcher =
            Parts.builder(new HandRunTime()).maxQueueSize(1).build();

    public RoomForOneStress() {
        batcher.pause();
    }

    @Actor
    public void one(ZZI_Result queued) {
        queued.r1 = !batcher.process(1).isDone();
    }

    @Actor
    public void other(ZZI_Result queued) {
        queued.r2 = !batcher.process(2).isDone();
    }

    @Arbiter
    public void after(ZZI_Result queued) {
        queued.r3 = batcher.snapshot().queued();
    }
}
