package io.asyncbatcher.simulator;

import io.asyncbatcher.BatchContext;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.RejectionReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The listeners of a run: the first one tells the oracle, others come and go. All of them may throw. */
final class Listeners {

    private final World world;
    /** Whose contexts are current, innermost first. */
    private final Deque<Opened> current = new ArrayDeque<>();

    private static final class Opened {
        final Object whose;
        boolean heard;

        Opened(Object whose) {
            this.whose = whose;
        }
    }

    private BatcherListener second;

    Listeners(World world) {
        this.world = world;
    }

    BatcherListener first() {
        return new First();
    }

    void change() {
        if (second == null) {
            world.log("another listener");
            second = new Second();
            world.batcher.addListener(second);
        } else {
            world.log("one listener less");
            world.batcher.removeListener(second);
            second = null;
        }
    }

    void forget() {
        current.clear();
    }

    private void mayThrow(String what) {
        world.userCode(what, Fault.LISTENER_REENTERS, 10);
        if (world.fails(Fault.LISTENER_THROWS, 4)) {
            if (world.chance(2)) {
                throw new Planted.Fatal(what);
            }
            throw new Planted.Failure(what);
        }
    }

    private ListenerContext.Scope open(Object whose) {
        mayThrow("open of a context");
        Opened opened = new Opened(whose);
        current.push(opened);
        return () -> {
            Opened closed = current.poll();
            world.check(
                    closed == opened,
                    "scopes are closed in the order of a stack",
                    () -> "closed that of " + whose + " while another was current");
            mayThrow("close of a scope");
        };
    }

    private final class First implements BatcherListener {

        @Override
        public void onRejected(String batcher, RejectionReason reason) {
            world.oracle.heardRejected(reason);
            mayThrow("onRejected");
        }

        @Override
        public void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {
            world.oracle.heardDispatched(reason, queueNanos);
            mayThrow("onDispatched");
        }

        @Override
        public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
            world.oracle.heardFinished(outcome, size, durationNanos);
            mayThrow("onFinished");
        }

        @Override
        public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
            Opened opened = current.peek();
            boolean fresh = opened != null && !opened.heard && opened.whose instanceof Tracked;
            if (fresh) {
                opened.heard = true;
            }
            world.oracle.heardSettled(fresh ? (Tracked) opened.whose : null, outcome, latencyNanos);
            mayThrow("onSettled");
        }

        @Override
        public ListenerContext onSubmitted(String batcher) {
            mayThrow("onSubmitted");
            Tracked item = world.oracle.submitting();
            if (!world.settings.has(Settings.Ability.CONTEXTS) || item == null) {
                return null;
            }
            return () -> open(item);
        }

        @Override
        public BatchContext onBatch(String batcher, DispatchReason reason, int size, List<ListenerContext> callers) {
            mayThrow("onBatch");
            if (!world.settings.has(Settings.Ability.CONTEXTS)) {
                return null;
            }
            Spanned spanned = new Spanned();
            world.oracle.heardBatch(spanned, size, callers.size());
            return spanned;
        }
    }

    /** A batch's context: ends once. */
    final class Spanned implements BatchContext {

        int ends;

        @Override
        public void onFinished(BatchOutcome outcome, Throwable failure) {
            ends++;
            mayThrow("onFinished of a context");
        }

        @Override
        public Scope open() {
            return Listeners.this.open(this);
        }
    }

    private final class Second implements BatcherListener {

        @Override
        public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
            mayThrow("onSettled of another");
        }
    }
}
