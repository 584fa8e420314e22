package io.asyncbatcher.internal.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** Two items of one key that has no partition get the same new one, which is forgotten with the second. */
@JCStressTest
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "one partition")
@Outcome(expect = FORBIDDEN, desc = "two partitions of one key, or one that stays")
@State
public class PartitionJoinStress {

    private final PartitionIndex<Integer, Integer> index = new PartitionIndex<>();
    private @Nullable PartitionQueue<Integer, Integer> ofOne;
    private @Nullable PartitionQueue<Integer, Integer> ofOther;

    @Actor
    public void one() {
        ofOne = index.join("key");
    }

    @Actor
    public void other() {
        ofOther = index.join("key");
    }

    @Arbiter
    public void after(ZI_Result seen) {
        seen.r1 = ofOne == ofOther;
        if (ofOne != null && ofOther != null) {
            index.leave(ofOne, 1);
            index.leave(ofOther, 1);
        }
        seen.r2 = index.kept();
    }
}
