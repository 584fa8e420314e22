package io.asyncbatcher.internal.settlement;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.internal.thread.Resumable;
import io.asyncbatcher.stress.QuietOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** The last of several tasks of a completionExecutor says that all items are settled, once; a cancelled item counts. */
@JCStressTest
@Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "said once")
@Outcome(expect = FORBIDDEN, desc = "never said, or twice")
@State
public class CompletionTasksStress {

    private static final Resumable WORK = elsewhere -> {};

    private final QuietOwner owner = new QuietOwner();
    private final Ends<Integer, Integer> ends = Items.two(owner);
    private final AtomicInteger said = new AtomicInteger();
    private final List<Runnable> tasks = new ArrayList<>(2);

    public CompletionTasksStress() {
        new CompletionTasks(owner, WORK, ends, 0, true, said::incrementAndGet).give(tasks::add, 0);
    }

    @Actor
    public void one() {
        tasks.get(0).run();
    }

    @Actor
    public void other() {
        ends.item(0).cancel(false);
        tasks.get(1).run();
    }

    @Arbiter
    public void after(ZI_Result end) {
        end.r1 = ends.areSettled();
        end.r2 = said.get();
    }
}
