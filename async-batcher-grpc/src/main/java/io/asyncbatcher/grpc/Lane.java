package io.asyncbatcher.grpc;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.grpc.wire.Hello;
import io.asyncbatcher.grpc.wire.Welcome;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One way to a worker: the {@linkplain Outbox queue} of what is to be sent, and the stream that it goes out on.
 *
 * <p>All fields but the queue are confined to a serial context: what callers, gRPC and alarms tell runs there one after the
 * other, in whichever thread comes. No user code runs there. Longer than other files, because each step may change all of this
 * state.
 */
final class Lane {

    /** After so long without a welcome a worker counts as not reached. */
    private static final long WELCOME_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long FIRST_REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long REOPEN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final Metadata.Key<String> HASHED =
            Metadata.Key.of(Channels.HASHED_HEADER, Metadata.ASCII_STRING_MARSHALLER);

    private final SynchronizationContext serial = new SynchronizationContext(Lane::broken);
    private final LaneSetup setup;
    private final int number;
    private final Outbox outbox;

    private final Deque<RemoteCall<?>> toSend = new ArrayDeque<>();
    private final Set<Session> leaving = new LinkedHashSet<>();
    private final Backoff backoff;
    private @Nullable Session session;
    private long turns;
    private boolean retrySet;
    private boolean forced;
    private boolean finished;
    private boolean reopened;

    private volatile long unreachableSince;
    private volatile boolean unreachable;
    private volatile @Nullable String worker;

    Lane(LaneSetup setup, int number, BatcherOptions options) {
        this.setup = setup;
        this.number = number;
        this.backoff = new Backoff(setup.jitter());
        this.outbox = new Outbox(this, setup, options, this::take);
    }

    AsyncBatcher<RemoteCall<?>, @Nullable Void> queue() {
        return outbox.queue();
    }

    /** The name of the worker that it has a stream to; null if it has none. */
    @Nullable
    String worker() {
        return worker;
    }

    /** For how long it has been looking for a worker in vain; negative if it hasn't. */
    long unreachableNanos() {
        return unreachable ? setup.time().nanoTime() - unreachableSince : -1;
    }

    long now() {
        return setup.time().nanoTime();
    }

    void execute(Runnable task) {
        serial.execute(task);
    }

    private void take(List<RemoteCall<?>> batch) {
        batch.forEach(call -> call.turn(++turns));
        toSend.addAll(batch);
        pump();
    }

    /** Moves what can be moved. Called after each change of what it looks at. */
    void pump() {
        if (forced) {
            giveUp();
            return;
        }
        if (session == null) {
            toSend.removeIf(RemoteCall::isDone);
            if (toSend.isEmpty()) {
                outbox.written();
            }
            if (!toSend.isEmpty() || (unreachable && !finished)) { // who looks at its health waits for it to be reached
                connect();
            }
            return;
        }
        while (session != null && session.isWritable()) {
            if (toSend.isEmpty() && !session.hasWithdrawn()) {
                outbox.written();
                return;
            }
            session.write(toSend, now());
        }
    }

    private void connect() {
        if (retrySet || (setup.ordered() && !leaving.isEmpty())) {
            return;
        }
        long wait = backoff.remainingNanos(now());
        if (wait > 0) {
            retrySet = true;
            after(wait, () -> {
                retrySet = false;
                pump();
            });
            return;
        }
        Session opened = new Session(this, setup);
        session = opened;
        Hello hello = setup.hello();
        Metadata headers = new Metadata();
        headers.put(HASHED, hello.getBatcher() + "/" + number);
        after(WELCOME_NANOS, () -> {
            if (session == opened && !opened.isWelcome()) {
                opened.cancel("No welcome within 5 s");
            }
        });
        opened.start(hello, headers);
    }

    private void after(long nanos, Runnable task) {
        // Not on the timer's thread, because listeners may hear of what follows.
        setup.time().schedule(() -> setup.time().offload(() -> serial.execute(task)), nanos);
    }

    void welcomed(Session by, Welcome welcome) {
        if (by != session || by.isWelcome()) {
            return;
        }
        by.welcomed(welcome);
        setup.link().connected();
        ages(by);
        backoff.succeeded();
        unreachable = false;
        worker = welcome.getWorker();
        pump();
    }

    /**
     * Gives the lane's stream an end, where the policy shall choose anew from time to time: among workers that have come since, or
     * were not reached yet when the first streams were opened.
     */
    private void ages(Session opened) {
        if (setup.reopens()) {
            long nanos = reopened ? REOPEN_NANOS : FIRST_REOPEN_NANOS;
            reopened = true;
            after((long) (nanos * setup.jitter().getAsDouble()), () -> reopen(opened, 10));
        }
    }

    private void reopen(Session old, int tries) {
        if (old != session) {
            return;
        }
        if (setup.ordered() && tries > 0 && old.hasUnanswered()) { // what comes next would have to wait for the answers
            after(FIRST_REOPEN_NANOS / 10, () -> reopen(old, tries - 1));
            return;
        }
        leave(old);
        pump();
        reach();
    }

    /** The worker takes no more: the next items go elsewhere, while it answers what it has. */
    void goingAway(Session from) {
        if (from == session) {
            leave(from);
            pump();
        }
    }

    private void leave(Session from) {
        session = null;
        worker = null;
        leaving.add(from);
        from.finish();
    }

    /** The worker has not accepted these. They get their places back, also where they come in several frames. */
    void sendAgain(List<RemoteCall<?>> back) {
        if (!back.isEmpty()) {
            List<RemoteCall<?>> all = new ArrayList<>(toSend);
            all.addAll(back);
            all.sort(Comparator.comparingLong(RemoteCall::turn));
            toSend.clear();
            toSend.addAll(all);
        }
        pump();
    }

    void closed(Session ended, Status status) {
        boolean rejected = !ended.isWelcome() && Failures.isRefusal(status);
        leaving.remove(ended);
        if (ended == session) {
            session = null;
            worker = null;
            backoff.failed(now());
            if (!unreachable) {
                unreachableSince = now();
                unreachable = true;
            }
        }
        List<Runnable> ends = new ArrayList<>();
        List<RemoteCall<?>> again = new ArrayList<>();
        for (RemoteCall<?> lost : ended.takeUnanswered()) {
            lost.isLost();
            if (setup.idempotent() && lost.repeat()) {
                again.add(lost);
            } else {
                ends.add(() -> lost.fail(Failures.lost(setup.name(), status)));
            }
        }
        if (rejected) {
            toSend.forEach(queued ->
                    ends.add(() -> queued.fail(Failures.rejected(setup.name(), status, queued.mayHaveRun()))));
            toSend.clear();
        }
        setup.ends().settle(ends);
        sendAgain(again);
    }

    // The stop, after the outbox has ended.

    /** Nothing will be sent any more: streams end when the workers have answered. */
    void finish() {
        serial.execute(() -> {
            finished = true;
            if (session != null) {
                leave(session);
            }
        });
    }

    /** Fails what is on its way, and ends all streams. */
    void force() {
        serial.execute(() -> {
            forced = true;
            giveUp();
        });
    }

    /** Sends again after a stop. */
    void start() {
        serial.execute(() -> {
            forced = false;
            finished = false;
        });
    }

    /** Looks for a worker before the first item comes. */
    void reach() {
        serial.execute(() -> {
            if (session == null && !finished && !forced) {
                connect();
            }
        });
    }

    private void giveUp() {
        List<RemoteCall<?>> all = new ArrayList<>(toSend);
        toSend.clear();
        Set<Session> sessions = new LinkedHashSet<>(leaving);
        if (session != null) {
            sessions.add(session);
        }
        for (Session each : sessions) {
            all.addAll(each.takeUnanswered());
            each.cancel("The client was stopped by force");
        }
        session = null;
        worker = null;
        leaving.clear();
        outbox.written();
        List<Runnable> ends = new ArrayList<>();
        all.forEach(call -> ends.add(() -> call.fail(Failures.stoppedInFlight(setup.name(), call.mayHaveRun()))));
        setup.ends().settle(ends);
    }

    private static void broken(Thread thread, Throwable bug) {
        System.getLogger(Lane.class.getName())
                .log(System.Logger.Level.ERROR, "A step of a remote batcher's client failed", bug);
    }
}
