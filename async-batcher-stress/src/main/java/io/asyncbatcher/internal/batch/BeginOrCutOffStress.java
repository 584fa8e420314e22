package io.asyncbatcher.internal.batch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.queue.Load;
import io.asyncbatcher.internal.queue.Sorting;
import io.asyncbatcher.internal.thread.Ending;
import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.stress.HandRunTime;
import io.asyncbatcher.stress.Parts;
import io.asyncbatcher.stress.QuietOwner;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** A forced stop cuts a batch off while it begins: the batch runs and is abandoned, or it never begins. */
@JCStressTest
@Outcome(id = "true, RUNNING", expect = ACCEPTABLE, desc = "begun, and abandoned")
@Outcome(id = "false, HANDED_OVER", expect = ACCEPTABLE, desc = "cut off before")
@Outcome(expect = FORBIDDEN, desc = "run though cut off, or neither")
@State
public class BeginOrCutOffStress {

    private static final Setup<Integer> SETUP = Parts.setup(new HandRunTime());
    private static final SilentOwner OWNER = new SilentOwner();

    private final Batch<Integer, Integer> batch = newBatch();

    private static Batch<Integer, Integer> newBatch() {
        Item<Integer, Integer> item = new Item<>(new QuietOwner(), 42);
        Sorting<Integer, Integer> sorting = Objects.requireNonNull(Sorting.of("stress", weighed -> 0, null, null));
        BatchBinding<Integer, Integer> binding = new BatchBinding<>(
                new Load<>(), sorting.entry(item, 0).partition, Parts.options(), BatchBinding.UNKNOWN, 0);
        return new Batch<>(OWNER, SETUP, binding, null);
    }

    @Actor
    public void executor(ZL_Result begun) {
        try (Frame frame = Frame.open(OWNER)) {
            begun.r1 = batch.state.begin(batch, frame) != null;
        }
    }

    @Actor
    public void stop(ZL_Result begun) {
        begun.r2 = batch.state.cutOff(true);
        boolean unused = Thread.interrupted();
    }

    private static final class SilentOwner implements BatchOwner<Integer, Integer> {

        @Override
        public void expireOverdue() {}

        @Override
        public void late(Batch<Integer, Integer> batch) {}

        @Override
        public void calling(Batch<Integer, Integer> batch, boolean really) {}

        @Override
        public @Nullable Batch<Integer, Integer> again(Batch<Integer, Integer> batch) {
            return null;
        }

        @Override
        public void watch() {}

        @Override
        public @Nullable Batch<Integer, Integer> returned(Batch<Integer, Integer> batch) {
            return null;
        }

        @Override
        public @Nullable Batch<Integer, Integer> release(Batch<Integer, Integer> batch, boolean settled) {
            return null;
        }

        @Override
        public @Nullable BatchReport report(DispatchReason reason) {
            return null;
        }

        @Override
        public void start(@Nullable Batch<Integer, Integer> batches) {}

        @Override
        public void settled(Ending ending) {}

        @Override
        public void offload(Runnable work) {
            work.run();
        }
    }
}
