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

/** Two keys of one hash code come at once while a third leaves: none of them is lost when the crowd is replaced. */
@JCStressTest
@Outcome(id = "true, true, 0", expect = ACCEPTABLE, desc = "both are found again, and nothing stays behind")
@Outcome(expect = FORBIDDEN, desc = "a partition is lost, or never forgotten")
@State
public class KeyCrowdStress {

    /** Equal by name, all of one hash code. */
    private record Key(String name) {
        @Override
        public int hashCode() {
            return 7;
        }
    }

    private final PartitionIndex<Integer, Integer> index = new PartitionIndex<>();
    private final PartitionQueue<Integer, Integer> leaving = index.join(new Key("leaving"));
    private @Nullable PartitionQueue<Integer, Integer> ofOne;
    private @Nullable PartitionQueue<Integer, Integer> ofOther;

    @Actor
    public void one() {
        ofOne = index.join(new Key("one"));
    }

    @Actor
    public void other() {
        index.leave(leaving, 1);
        ofOther = index.join(new Key("other"));
    }

    @Arbiter
    public void after(ZZI_Result seen) {
        seen.r1 = again("one", ofOne);
        seen.r2 = again("other", ofOther);
        seen.r3 = index.kept();
    }

    /** Whether a key has the same partition again. Leaves it. */
    private boolean again(String name, @Nullable PartitionQueue<Integer, Integer> before) {
        PartitionQueue<Integer, Integer> found = index.join(new Key(name));
        index.leave(found, found == before ? 2 : 1);
        return found == before;
    }
}
