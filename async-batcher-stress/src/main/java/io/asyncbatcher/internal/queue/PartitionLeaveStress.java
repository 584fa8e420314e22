package io.asyncbatcher.internal.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** An item joins a partition whose last item leaves: it is in one that the index knows, the old or a new one. */
@JCStressTest
@Outcome(id = "true, true, 1", expect = ACCEPTABLE, desc = "in a partition that is known")
@Outcome(expect = FORBIDDEN, desc = "in one that is forgotten, or not alone under its key")
@State
public class PartitionLeaveStress {

    private final PartitionIndex<Integer, Integer> index = new PartitionIndex<>();
    private final PartitionQueue<Integer, Integer> old = index.join("key");
    private @Nullable PartitionQueue<Integer, Integer> joined;

    @Actor
    public void leaving() {
        index.leave(old, 1);
    }

    @Actor
    public void joining() {
        joined = index.join("key");
    }

    @Arbiter
    public void after(ZZI_Result seen) {
        seen.r1 = joined != null && !joined.isForgotten();
        seen.r2 = index.all().contains(joined);
        // What is forgotten may stay beside others of its hash code for a while.
        seen.r3 = (int) index.all().stream()
                .filter(partition -> !partition.isForgotten())
                .count();
    }
}
