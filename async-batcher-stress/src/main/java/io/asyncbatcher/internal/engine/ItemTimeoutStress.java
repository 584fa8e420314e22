package io.asyncbatcher.internal.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.internal.item.TimedItem;
import io.asyncbatcher.stress.HandRunTime;
import io.asyncbatcher.stress.Parts;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A submission that sees a new item timeout sees it whole and all that was before: {@code itemTimeoutNanos} is volatile. */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "1, 1"},
        expect = ACCEPTABLE,
        desc = "in order")
@Outcome(expect = FORBIDDEN, desc = "a timeout that nobody has set, or set before what came before it")
@State
public class ItemTimeoutStress {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final AsyncBatcher<Integer, Integer> batcher =
            Parts.builder(new HandRunTime()).build();
    private int before;

    public ItemTimeoutStress() {
        batcher.pause();
    }

    @Actor
    public void operator() {
        before = 1;
        batcher.reconfigure(options -> options.withItemTimeout(TIMEOUT));
    }

    @Actor
    public void submitter(II_Result seen) {
        seen.r1 = batcher.process(1) instanceof TimedItem<?, ?> timed
                ? timed.deadlineNanos() == TIMEOUT.toNanos() ? 1 : -1
                : 0;
        seen.r2 = before;
    }
}
