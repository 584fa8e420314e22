package io.asyncbatcher.internal.batch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.stress.Streamed;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZ_Result;

/** An item is reported while a forced stop gives its batch up: what was reported before is delivered by the stop, too. */
@JCStressTest
@Outcome(id = "1, true", expect = ACCEPTABLE, desc = "reported before")
@Outcome(id = "BatchAbortedException, true", expect = ACCEPTABLE, desc = "given up before")
@Outcome(expect = FORBIDDEN, desc = "unsettled, or a stop without an end")
@State
public class ReportOrStopStress {

    private final Streamed streamed = new Streamed();
    private CompletableFuture<Void> stopped = new CompletableFuture<>();

    @Actor
    public void reporter() {
        streamed.results().success(0, 1);
    }

    @Actor
    public void stop() {
        stopped = streamed.batcher.stop(true);
        boolean unused = Thread.interrupted();
    }

    @Arbiter
    public void after(LZ_Result end) {
        end.r1 = streamed.end();
        end.r2 = stopped.isDone();
    }
}
