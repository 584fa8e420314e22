package io.asyncbatcher.internal.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.stress.HandRunTime;
import io.asyncbatcher.stress.Parts;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZLI_Result;

/** A queued item is cancelled while its batch goes: it has one end, and its room is free again. */
@JCStressTest
@Outcome(
        id = {"true, CancellationException, 0", "false, 1, 0"},
        expect = ACCEPTABLE,
        desc = "cancelled, or served")
@Outcome(expect = FORBIDDEN, desc = "no end, another than the caller heard, or room is lost")
@State
public class CancelOrDispatchStress {

    private final AsyncBatcher<Integer, Integer> batcher =
            Parts.builder(new HandRunTime()).build();
    private final CompletableFuture<Integer> item;

    public CancelOrDispatchStress() {
        batcher.pause();
        item = batcher.process(1);
    }

    @Actor
    public void caller(ZLI_Result end) {
        end.r1 = item.cancel(false);
    }

    @Actor
    public void operator() {
        batcher.resume();
    }

    @Arbiter
    public void after(ZLI_Result end) {
        end.r2 = Parts.end(item);
        end.r3 = batcher.snapshot().queued();
    }
}
