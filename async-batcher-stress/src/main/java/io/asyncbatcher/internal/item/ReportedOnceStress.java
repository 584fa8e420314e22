package io.asyncbatcher.internal.item;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.stress.HandRunTime;
import io.asyncbatcher.stress.QuietOwner;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Listeners hear once how an item ended, whoever ends it: {@code REPORTED} is set once. */
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "once")
@Outcome(expect = FORBIDDEN, desc = "never, or twice")
@State
public class ReportedOnceStress {

    private static final HandRunTime TIME = new HandRunTime();

    private final AtomicInteger heard = new AtomicInteger();
    private final TimedItem<Integer, Integer> item =
            new TimedItem<>(new QuietOwner(), 42, "stress", Listeners.with(null, new Counting()), TIME, Nanos.FOREVER);

    private final class Counting implements BatcherListener {
        @Override
        public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
            heard.incrementAndGet();
        }
    }

    @Actor
    public void engine() {
        item.end(1);
    }

    @Actor
    public void caller() {
        item.cancel(false);
    }

    @Arbiter
    public void after(I_Result reports) {
        reports.r1 = heard.get();
    }
}
