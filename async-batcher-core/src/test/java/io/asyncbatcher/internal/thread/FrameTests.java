package io.asyncbatcher.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FrameTests {

    private static final int MAX_DEPTH = 32;

    private final WorkOwner owner = Runnable::run;
    private final WorkOwner another = Runnable::run;
    private final List<String> events = new ArrayList<>();

    private Frame.Task task(WorkOwner whose, Consumer<Frame> work) {
        return new Frame.Task() {
            @Override
            public WorkOwner owner() {
                return whose;
            }

            @Override
            public Frame.PutOff newPutOff() {
                return null;
            }

            @Override
            public void run(Frame frame) {
                work.accept(frame);
            }

            @Override
            public void rescue(Throwable failure) {
                events.add("rescued from " + failure.getMessage());
            }
        };
    }

    private Frame.Task noting(WorkOwner whose, String event) {
        return task(whose, frame -> events.add(event));
    }

    @Test
    void aBatchOnAThreadThatIsAtAnotherRunsAtOnce() {
        Frame.run(task(owner, frame -> {
            Frame.run(noting(owner, "inner"));
            events.add("outer");
        }));

        assertThat(events).containsExactly("inner", "outer");
    }

    @Test
    void whileBatchesAreHandedOverNoneRuns() {
        Frame.run(task(owner, frame -> {
            frame.handingOver(true);
            Frame.run(noting(owner, "inner"));
            frame.handingOver(false);
            events.add("outer");
        }));

        assertThat(events).containsExactly("outer", "inner");
    }

    @Test
    void batchesNestNoDeeperThanTheStackAllows() {
        AtomicInteger depth = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        AtomicInteger left = new AtomicInteger(5 * MAX_DEPTH);

        Frame.run(nesting(depth, deepest, left));

        assertThat(left).hasValue(0);
        assertThat(deepest).hasValue(1 + MAX_DEPTH);
    }

    private Frame.Task nesting(AtomicInteger depth, AtomicInteger deepest, AtomicInteger left) {
        return task(owner, frame -> {
            deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
            if (left.decrementAndGet() > 0) {
                Frame.run(nesting(depth, deepest, left));
            }
            depth.decrementAndGet();
        });
    }

    @Test
    void whatIsTooDeepIsPutAsideInTheDeepestFrameThatIsNot() {
        List<Frame> frames = new ArrayList<>();
        for (int depth = 0; depth < MAX_DEPTH + 4; depth++) {
            frames.add(Frame.open(owner));
        }

        Frame.run(noting(owner, "run"));

        assertThat(frames).filteredOn(Frame::hasDeferred).containsExactly(frames.get(MAX_DEPTH));
        for (int depth = frames.size() - 1; depth >= 0; depth--) {
            frames.get(depth).runDeferred();
            frames.get(depth).close();
        }
        assertThat(events).containsExactly("run");
        assertThat(Frame.top()).isNull();
    }

    @Test
    void whatIsPutAsideRunsInTheFrameOfItsOwnerAndInAnotherWhereThatIsInItsProcessor() {
        List<Frame> seen = new ArrayList<>();
        try (Frame frame = Frame.open(owner)) {
            frame.defer(task(owner, seen::add));
            frame.defer(task(another, seen::add));
            frame.runDeferred();
            frame.processing(true);
            frame.defer(task(owner, seen::add));
            frame.runDeferred();

            assertThat(seen).hasSize(3);
            assertThat(seen.get(0)).isSameAs(frame);
            assertThat(seen.subList(1, 3)).doesNotContain(frame);
        }
    }

    @Test
    void whatANestedBatchPutsAsideRunsBehindIt() {
        try (Frame frame = Frame.open(owner)) {
            frame.defer(task(another, nested -> {
                nested.defer(noting(another, "behind"));
                events.add("nested");
            }));
            frame.runDeferred();
        }

        assertThat(events).containsExactly("nested", "behind");
    }

    @Test
    void anErrorInANestedBatchIsItsOwn() {
        try (Frame frame = Frame.open(owner)) {
            frame.defer(task(another, nested -> {
                throw new InternalError("thrown by a test");
            }));
            frame.defer(noting(owner, "next"));
            frame.runDeferred();
        }

        assertThat(events).containsExactly("rescued from thrown by a test", "next");
    }

    @Test
    void anErrorInABatchKeepsNoOtherFromRunning() {
        try (Frame frame = Frame.open(owner)) {
            frame.defer(task(owner, same -> {
                throw new InternalError("thrown by a test");
            }));
            frame.defer(noting(owner, "next"));
            frame.runDeferred();
        }

        assertThat(events).containsExactly("next");
    }

    @Test
    void whatIsPutAsideRunsBeforeItsThreadWaits() {
        try (Frame frame = Frame.open(owner)) {
            frame.defer(noting(owner, "run"));
            frame.beforeWait();

            assertThat(events).containsExactly("run");
            assertThat(frame.hasDeferred()).isFalse();
        }
    }

    @Test
    void anArrayIsLentAgainWhereItIsLongEnough() {
        try (Frame frame = Frame.open(owner)) {
            Object[] lent = frame.lendItems(3, Integer[]::new);

            assertThat(lent).isInstanceOf(Integer[].class).hasSize(3);
            assertThat(frame.lendItems(2, Integer[]::new)).isSameAs(lent);
            assertThat(frame.lendItems(4, Integer[]::new)).hasSize(4);
            frame.forgetLent();
            assertThat(frame.lendItems(0, Integer[]::new)).isInstanceOf(Integer[].class);
        }
    }
}
