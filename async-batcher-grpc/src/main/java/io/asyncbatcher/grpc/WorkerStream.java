package io.asyncbatcher.grpc;

import io.asyncbatcher.TimeSource;
import io.asyncbatcher.grpc.wire.Answer;
import io.asyncbatcher.grpc.wire.ClientFrame;
import io.asyncbatcher.grpc.wire.Failure;
import io.asyncbatcher.grpc.wire.Hello;
import io.asyncbatcher.grpc.wire.Item;
import io.asyncbatcher.grpc.wire.Welcome;
import io.asyncbatcher.grpc.wire.WorkerFrame;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The worker's end of one stream. What the client sends comes on one thread at a time and is handed to the batcher there. Answers
 * come from any thread; they are queued and written in a serial context, all that are there in one frame.
 *
 * <p>Items count from their arrival until their answer is written. The next frame is asked for only while they are fewer than
 * the window, so that a client that floods the stream, or reads no answers, is held back by gRPC's flow control.
 */
final class WorkerStream extends ServerCall.Listener<ClientFrame> {

    private final ServerCall<ClientFrame, WorkerFrame> call;
    private final Map<String, Exposed<?, ?>> exposed;
    private final WorkerSetup setup;
    private final Consumer<WorkerStream> end;
    private final SynchronizationContext serial = new SynchronizationContext(WorkerStream::broken);
    private final Map<Long, CompletableFuture<?>> accepted = new ConcurrentHashMap<>();
    private final AtomicInteger unanswered = new AtomicInteger();

    // Of the thread on which gRPC tells what the client does.
    private @Nullable Exposed<?, ?> batcher;
    private String client = "";

    private volatile boolean draining;

    // Confined to the serial context.
    private final Deque<Answer> answers = new ArrayDeque<>();
    private boolean askedForFrame;
    private boolean toldToGo;
    private boolean welcomed;
    private boolean halfClosed;
    private boolean closed;
    private TimeSource.@Nullable Alarm age;

    WorkerStream(
            ServerCall<ClientFrame, WorkerFrame> call,
            Map<String, Exposed<?, ?>> exposed,
            WorkerSetup setup,
            Consumer<WorkerStream> end) {
        this.call = call;
        this.exposed = exposed;
        this.setup = setup;
        this.end = end;
    }

    void open() {
        serial.execute(() -> {
            call.setOnReadyThreshold(1); // see Link
            call.sendHeaders(new Metadata());
            askForFrame();
        });
    }

    /** Takes no more items, and ends when all are answered. */
    void drain() {
        draining = true;
        serial.execute(this::write);
    }

    @Override
    public void onMessage(ClientFrame frame) {
        serial.execute(() -> askedForFrame = false);
        if (frame.getSerializedSize() > Wire.MAX_FRAME_BYTES) {
            reject(Status.RESOURCE_EXHAUSTED, "A frame has more than " + Wire.MAX_FRAME_BYTES + " bytes");
            return;
        }
        if (batcher == null) {
            greet(frame);
        } else if (frame.hasHello()) {
            reject(Status.INVALID_ARGUMENT, "A second hello");
            return;
        }
        frame.getWithdrawnList().forEach(this::withdraw);
        if (batcher != null) {
            accept(frame, batcher);
        }
        serial.execute(this::write);
    }

    private void greet(ClientFrame frame) {
        Hello hello = frame.getHello();
        Exposed<?, ?> found = exposed.get(hello.getBatcher());
        if (!frame.hasHello() || frame.getItemsCount() > 0) {
            reject(Status.INVALID_ARGUMENT, "A stream begins with a hello, and items follow the welcome");
        } else if (hello.getOldestVersion() > Wire.VERSION || hello.getVersion() < Wire.OLDEST_VERSION) {
            reject(
                    Status.FAILED_PRECONDITION,
                    "This worker speaks the versions " + Wire.OLDEST_VERSION + " to " + Wire.VERSION
                            + ", and the client " + hello.getOldestVersion() + " to " + hello.getVersion());
        } else if (found == null) {
            reject(Status.NOT_FOUND, "No batcher of that name is exposed here");
        } else if (found.mismatch(hello) != null) {
            reject(Status.FAILED_PRECONDITION, found.mismatch(hello));
        } else {
            batcher = found;
            client = hello.getClient();
            int version = Math.min(hello.getVersion(), Wire.VERSION);
            serial.execute(() -> welcome(version));
        }
    }

    private void welcome(int version) {
        if (closed) { // by a drain
            return;
        }
        welcomed = true;
        send(WorkerFrame.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setVersion(version)
                        .setWorker(setup.name())
                        .setWindow(setup.window())
                        .setMaxFrameBytes(Wire.MAX_FRAME_BYTES)));
        if (setup.maxStreamAge() != null) {
            age = setup.time().schedule(this::drain, setup.maxStreamAge().toNanos());
        }
    }

    private void accept(ClientFrame frame, Exposed<?, ?> to) {
        unanswered.addAndGet(frame.getItemsCount());
        for (Item item : frame.getItemsList()) {
            if (draining) {
                answer(Answer.newBuilder()
                        .setId(item.getId())
                        .setFailure(Failures.of(Failure.Kind.NOT_ACCEPTED, false, "The worker goes away"))
                        .build());
                continue;
            }
            CompletableFuture<?> future = to.submit(item, client, setup, this::answer);
            if (future != null) {
                accepted.put(item.getId(), future);
                if (future.isDone()) { // perhaps before it was put there
                    accepted.remove(item.getId(), future);
                }
            }
        }
    }

    private void withdraw(long id) {
        CompletableFuture<?> future = accepted.remove(id);
        if (future != null) {
            future.cancel(false);
        }
    }

    /** Called by any thread, once an item. */
    private void answer(Answer answer) {
        accepted.remove(answer.getId());
        serial.execute(() -> {
            if (!closed) {
                answers.add(answer);
                write();
            }
        });
    }

    @Override
    public void onReady() {
        serial.execute(this::write);
    }

    @Override
    public void onHalfClose() {
        serial.execute(() -> {
            halfClosed = true;
            write();
        });
    }

    /** The client is gone: nobody waits for what is queued, and results of what runs are dropped. */
    @Override
    public void onCancel() {
        serial.execute(() -> {
            closed = true;
            answers.clear();
            ended();
        });
        accepted.values().forEach(future -> future.cancel(false));
        accepted.clear();
    }

    @Override
    public void onComplete() {
        serial.execute(this::ended);
    }

    private void ended() {
        TimeSource.Alarm set = age;
        if (set != null) {
            set.cancel();
        }
        end.accept(this);
    }

    // In the serial context: what goes out.

    private void write() {
        if (closed) {
            return;
        }
        if (draining && !toldToGo && welcomed) {
            toldToGo = true;
            send(WorkerFrame.newBuilder().setGoingAway(true));
        }
        while (!answers.isEmpty() && call.isReady()) {
            send(frame());
        }
        if (draining && !welcomed) {
            close(Status.UNAVAILABLE.withDescription("The worker goes away"));
        } else if (unanswered.get() == 0 && halfClosed) {
            close(Status.OK);
        } else if (!halfClosed) {
            askForFrame();
        }
    }

    private WorkerFrame.Builder frame() {
        WorkerFrame.Builder frame = WorkerFrame.newBuilder();
        long room = Wire.MAX_FRAME_BYTES - Wire.FRAME_BYTES;
        for (Answer next = answers.peek(); next != null; next = answers.peek()) {
            room -= next.getSerializedSize() + 10;
            if (room < 0 && frame.getAnswersCount() > 0) {
                break;
            }
            frame.addAnswers(answers.remove());
        }
        unanswered.addAndGet(-frame.getAnswersCount());
        return frame;
    }

    private void send(WorkerFrame.Builder frame) {
        call.sendMessage(frame.build());
    }

    private void askForFrame() {
        if (!askedForFrame && !closed && unanswered.get() < setup.window()) {
            askedForFrame = true;
            call.request(1);
        }
    }

    private void reject(Status status, @Nullable String why) {
        accepted.values().forEach(future -> future.cancel(false));
        serial.execute(() -> close(status.withDescription(why)));
    }

    private void close(Status status) {
        if (!closed) {
            closed = true;
            answers.clear();
            call.close(status, new Metadata());
        }
    }

    private static void broken(Thread thread, Throwable bug) {
        System.getLogger(WorkerStream.class.getName())
                .log(System.Logger.Level.ERROR, "A step of a worker's stream failed", bug);
    }
}
