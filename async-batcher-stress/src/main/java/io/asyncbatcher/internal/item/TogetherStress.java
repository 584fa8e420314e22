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

/** The last of several items ends the common future, with the results of all in their order. */
@JCStressTest
@Outcome(id = "[1, 2]", expect = ACCEPTABLE, desc = "all results, in order")
@Outcome(expect = FORBIDDEN, desc = "it never ends, or with results missing")
@State
public class TogetherStress {

    private final CompletableFuture<Integer> first = new CompletableFuture<>();
    private final CompletableFuture<Integer> second = new CompletableFuture<>();
    private final Together<Integer> both = Together.gather(new QuietOwner(), List.of(first, second));

    @Actor
    public void one() {
        first.complete(1);
    }

    @Actor
    public void other() {
        second.complete(2);
    }

    @Arbiter
    public void after(L_Result end) {
        end.r1 = Parts.end(both);
    }
}
