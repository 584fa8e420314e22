package io.asyncbatcher.internal.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Of two items that leave a partition one is the last: {@code MEMBERS} is counted atomically. */
@JCStressTest
@Outcome(
        id = {"true, false", "false, true"},
        expect = ACCEPTABLE,
        desc = "one of them forgets the partition")
@Outcome(expect = FORBIDDEN, desc = "nobody forgets it, or both do")
@State
public class LastLeaveStress {

    private final PartitionQueue<Integer, Integer> partition = new PartitionQueue<>("key", 0);

    public LastLeaveStress() {
        partition.join();
    }

    @Actor
    public void one(ZZ_Result last) {
        last.r1 = partition.leave(1);
    }

    @Actor
    public void other(ZZ_Result last) {
        last.r2 = partition.leave(1);
    }
}
