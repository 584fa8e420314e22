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

/** Two threads that need the next chunk get the same one, with its base: {@code NEXT} is a compare-and-set. */
@JCStressTest
@Outcome(id = "true, true, 4", expect = ACCEPTABLE, desc = "the same for both")
@Outcome(expect = FORBIDDEN, desc = "one of two chunks is lost, or not complete")
@State
public class NextChunkStress {

    private final Chunk first = Chunk.first();
    private @Nullable Chunk ofOne;
    private @Nullable Chunk ofOther;
    private long baseOfOne;
    private long baseOfOther;

    @Actor
    public void one() {
        Chunk next = first.orNewNext();
        ofOne = next;
        baseOfOne = next.base;
    }

    @Actor
    public void other() {
        Chunk next = first.orNewNext();
        ofOther = next;
        baseOfOther = next.base;
    }

    @Arbiter
    public void after(ZZI_Result seen) {
        seen.r1 = ofOne == first.next;
        seen.r2 = ofOther == first.next;
        seen.r3 = (int) (baseOfOne + baseOfOther);
    }
}
