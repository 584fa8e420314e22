package io.asyncbatcher.internal.item;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.stress.Parts;
import io.asyncbatcher.stress.QuietOwner;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two items fail at once: the common future has the failure of the first in the items' order, whichever failed first. */
@JCStressTest
@Outcome(id = "IllegalStateException", expect = ACCEPTABLE, desc = "the first in order")
@Outcome(expect = FORBIDDEN, desc = "it never ends, or with the other's failure")
@State
public class TogetherFailingStress {

    private final CompletableFuture<Integer> first = new CompletableFuture<>();
    private final CompletableFuture<Integer> second = new CompletableFuture<>();
    private final Together<Integer> both = Together.gather(new QuietOwner(), List.of(first, second));

    @Actor
    public void one() {
        first.completeExceptionally(new IllegalStateException());
    }

    @Actor
    public void other() {
        second.completeExceptionally(new IllegalArgumentException());
    }

    @Arbiter
    public void after(L_Result end) {
        end.r1 = Parts.end(both);
    }
}
