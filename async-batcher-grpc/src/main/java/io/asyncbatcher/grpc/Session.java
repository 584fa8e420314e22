package io.asyncbatcher.grpc;

import io.asyncbatcher.grpc.wire.Answer;
import io.asyncbatcher.grpc.wire.ClientFrame;
import io.asyncbatcher.grpc.wire.Failure;
import io.asyncbatcher.grpc.wire.Hello;
import io.asyncbatcher.grpc.wire.Item;
import io.asyncbatcher.grpc.wire.Welcome;
import io.asyncbatcher.grpc.wire.WorkerFrame;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of one stream: from the hello to the end, with the items that the worker has and has not answered.
 *
 * <p>Fields are confined to the lane's serial context, except for the table of unanswered items. Whoever takes an item out of
 * that table settles it.
 */
final class Session extends ClientCall.Listener<WorkerFrame> implements RemoteCall.Carrier {

    private final Lane lane;
    private final Link link;
    private final CallEnds ends;
    private final ClientCall<ClientFrame, WorkerFrame> call;
    private final Map<Long, RemoteCall<?>> unanswered = new ConcurrentHashMap<>();

    private List<Long> withdrawn = new ArrayList<>();
    private @Nullable Welcome welcome;
    private boolean done;
    private long lastId;

    Session(Lane lane, LaneSetup setup) {
        this.lane = lane;
        this.link = setup.link();
        this.ends = setup.ends();
        this.call = link.newCall();
    }

    /** Opens the stream and says hello. */
    void start(Hello hello, Metadata headers) {
        call.start(this, headers);
        call.request(1);
        send(ClientFrame.newBuilder().setHello(hello).build());
    }

    // What the lane asks and orders.

    boolean isWelcome() {
        return welcome != null;
    }

    void welcomed(Welcome by) {
        welcome = by;
    }

    /** The worker's name; null before it has said it. */
    @Nullable
    String worker() {
        return welcome == null ? null : welcome.getWorker();
    }

    /** Whether what is written now goes on its way now: nothing waits before it, and the worker has room. */
    boolean isWritable() {
        return welcome != null && !done && call.isReady() && unanswered.size() < welcome.getWindow();
    }

    boolean hasUnanswered() {
        return !unanswered.isEmpty();
    }

    boolean hasWithdrawn() {
        return !withdrawn.isEmpty();
    }

    /** Takes from the queue what fits in one frame and in the worker's window, and writes it. */
    void write(Deque<RemoteCall<?>> queue, long now) {
        ClientFrame.Builder frame = ClientFrame.newBuilder().addAllWithdrawn(withdrawn);
        withdrawn = new ArrayList<>();
        Welcome limits = Objects.requireNonNull(welcome);
        long room = limits.getMaxFrameBytes() - Wire.FRAME_BYTES - 10L * frame.getWithdrawnCount();
        for (RemoteCall<?> next = queue.peek();
                next != null && unanswered.size() < limits.getWindow();
                next = queue.peek()) {
            long weight = next.weight();
            if (weight > room && frame.getItemsCount() > 0) {
                break;
            }
            queue.remove();
            if (weight > room) {
                ends.tooHeavyForWorker(next, limits.getMaxFrameBytes());
            } else if (add(next, frame, now)) {
                room -= weight;
            }
        }
        if (frame.getItemsCount() > 0 || frame.getWithdrawnCount() > 0) {
            send(frame.build());
        }
    }

    private boolean add(RemoteCall<?> next, ClientFrame.Builder frame, long now) {
        long remainingMicros = next.remainingNanos(now) / 1_000;
        if (next.isDone()) {
            return false;
        }
        if (remainingMicros <= 0) {
            ends.expired(next);
            return false;
        }
        long id = ++lastId;
        next.leaves(this, id, now);
        unanswered.put(id, next);
        ends.startsAlarm(next, now);
        if (next.isDone()) { // its caller has left meanwhile, and perhaps did not find it here
            unanswered.remove(id);
            return false;
        }
        Item.Builder item = Item.newBuilder()
                .setId(id)
                .setPayload(next.payload)
                .setRemainingMicros(remainingMicros)
                .putAllTrace(next.trace);
        if (next.partitionKey != null) {
            item.setPartitionKey(next.partitionKey);
        }
        frame.addItems(item);
        return true;
    }

    private void send(ClientFrame frame) {
        link.sent(frame.getSerializedSize());
        call.sendMessage(frame);
    }

    /** No items follow; the worker answers what it has and closes. */
    void finish() {
        if (!done) {
            done = true;
            call.halfClose();
        }
    }

    void cancel(String why) {
        done = true;
        call.cancel(why, null);
    }

    /** All that is unanswered, in the order in which it was written; it is not in the table afterwards. */
    List<RemoteCall<?>> takeUnanswered() {
        List<RemoteCall<?>> all = new ArrayList<>();
        for (Long id : List.copyOf(unanswered.keySet())) {
            RemoteCall<?> taken = unanswered.remove(id);
            if (taken != null) {
                all.add(taken);
            }
        }
        all.sort(Comparator.comparingLong(RemoteCall::id));
        return all;
    }

    /** The caller of an item has left. */
    @Override
    public void withdraw(RemoteCall<?> left) {
        long id = left.id();
        if (unanswered.remove(id, left)) {
            lane.execute(() -> {
                withdrawn.add(id);
                lane.pump();
            });
        }
    }

    // What gRPC tells, one after the other, on a thread of its own.

    @Override
    public void onMessage(WorkerFrame frame) {
        link.received(frame.getSerializedSize());
        if (frame.hasWelcome()) {
            Welcome by = frame.getWelcome();
            lane.execute(() -> lane.welcomed(this, by));
        }
        if (frame.getGoingAway()) {
            lane.execute(() -> lane.goingAway(this));
        }
        if (frame.getAnswersCount() > 0) {
            answered(frame.getAnswersList());
        }
        call.request(1);
    }

    private void answered(List<Answer> answers) {
        List<RemoteCall<?>> back = new ArrayList<>();
        List<Runnable> settled = new ArrayList<>(answers.size());
        for (Answer answer : answers) {
            RemoteCall<?> answered = unanswered.remove(answer.getId());
            if (answered == null) { // its caller has left, or the worker made the number up
                continue;
            }
            link.answered(lane.now() - answered.writtenNanos());
            if (!answer.hasFailure()) {
                settled.add(() -> answered.succeed(answer.hasResult() ? answer.getResult() : null));
            } else if (answer.getFailure().getKind() == Failure.Kind.NOT_ACCEPTED) {
                answered.isBack();
                back.add(answered);
            } else {
                Failure failure = answer.getFailure();
                settled.add(() -> ends.failed(answered, failure));
            }
        }
        ends.settle(settled);
        lane.execute(() -> lane.sendAgain(back));
    }

    @Override
    public void onReady() {
        lane.execute(lane::pump);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        lane.execute(() -> {
            done = true;
            lane.closed(this, status);
        });
    }
}
