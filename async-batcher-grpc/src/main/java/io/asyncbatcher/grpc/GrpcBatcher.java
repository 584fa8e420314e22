package io.asyncbatcher.grpc;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A batcher whose processor is in another process. It sends items to a {@link GrpcWorker} and gets the result of each item.
 *
 * <pre>{@code
 * AsyncBatcher<Sku, Price> prices = GrpcBatcher.builder("prices", skuCodec, priceCodec)
 *         .target("dns:///pricing:9090")
 *         .build();
 * }</pre>
 *
 * <p>It is used like any other batcher, with these differences. Every item has a timeout: the default of {@code itemTimeout} is
 * 30 s. {@code maxQueueSize} limits the items that are not yet written to a worker. The worker limits the items that it has.
 * {@code maxBatchSize} and {@code maxBatchWeight} limit a frame, in items and bytes. {@code concurrency}, {@code dispatch},
 * {@code deduplicate} and {@code batchTimeout} have no effect here. Set them on the batcher of the worker. A failure of the
 * processor of the worker is a {@link RemoteBatchException}. If a worker is lost, its items fail with
 * {@link BatchAbortedException}, and {@code mayHaveRun} is true. Continuations run on the {@code completionExecutor}, or on a
 * thread of the batcher.
 *
 * <h2>Implementation</h2>
 *
 * <p><b>The queue</b> of a client is itself a batcher, in {@link Outbox}. Its {@link Lane} writes one frame with a batch's items
 * to a stream, and the batch ends when that frame is on its way. So room, rejection, weight, timeouts of queued items, pause,
 * stop and meters are those of the engine. Items that are submitted during a write are in the next frame, without linger. If the
 * network or the worker is slow, the stream is not ready, the queue grows, and at {@code maxQueueSize} it rejects items.
 *
 * <p><b>The stream</b> is a {@link Session}. It has a table of the items that the worker has. An item leaves the table when it is
 * answered, when its caller cancels it or its timeout expires, or when the stream ends. The code that removes it settles it.
 * Settling is the compare-and-set of the future, so no item is settled twice. An item has not run if it was never written to a
 * stream, or if the worker reports this. Any other item may have run.
 *
 * <p><b>The worker</b> submits each item to the exposed batcher with its remaining time, so that the engine there drops expired
 * items. It reads the next frame only while this stream has less than a window of unanswered items.
 *
 * <p><b>Loss.</b> When a stream ends, its unanswered items fail, or are sent once more if they are idempotent. The next batch
 * opens a new stream, with a backoff of 50 ms to a second. A worker that stops announces this. It returns items that it has not
 * accepted, which are sent to the next worker immediately, and answers the items that it has. If the client has a partition key,
 * nothing is sent to the next worker before that, to keep the order.
 *
 * <p><b>Lanes.</b> With {@link Routing#PICK_FIRST} a client has one lane, with the other policies it has 16. The policy of gRPC
 * selects the worker of a lane's stream. The hash of the key, or a round-robin counter, selects the lane. Each lane has its own
 * queue of {@code maxQueueSize} items.
 *
 * <p>The state of lanes and sessions is confined to a serial context, in which no user code runs. Encoding runs on the thread of
 * the caller. Decoding and continuations run on the completion executor.
 *
 * @param <T> the item
 * @param <R> its result
 */
public final class GrpcBatcher<T, R extends @Nullable Object> implements AsyncBatcher<T, R> {

    private final String name;
    private final String target;
    private final boolean ownsChannel;
    private final CallFactory<T, R> calls;
    private final Link link;
    private final List<Lane> lanes;
    private final OpenCalls open = new OpenCalls();
    private final AtomicInteger turn = new AtomicInteger();
    private final Observers observers;
    private final Lifecycle lifecycle;

    GrpcBatcher(String name, String target, boolean ownsChannel, CallFactory<T, R> calls, Link link, List<Lane> lanes) {
        this.name = name;
        this.target = target;
        this.ownsChannel = ownsChannel;
        this.calls = calls;
        this.link = link;
        this.lanes = lanes;
        this.observers = new Observers(name, lanes, calls.time());
        this.lifecycle = new Lifecycle(lanes, open, calls.time());
    }

    /**
     * Returns a builder for a client.
     *
     * @param name the name of the batcher, also at the worker
     * @param items the codec of the items
     * @param results the codec of the results
     * @param <T> the item
     * @param <R> the result
     * @return the builder
     */
    public static <T, R extends @Nullable Object> GrpcBatcherBuilder<T, R> builder(
            String name, Codec<T> items, Codec<R> results) {
        return new GrpcBatcherBuilder<>(name, items, results);
    }

    /**
     * The state of the connections to the workers.
     *
     * @return the state
     */
    public RemoteState state() {
        List<String> workers = new ArrayList<>();
        long unreachable = -1;
        for (Lane lane : lanes) {
            String worker = lane.worker();
            if (worker != null && !workers.contains(worker)) {
                workers.add(worker);
            }
            unreachable = Math.max(unreachable, lane.unreachableNanos());
        }
        return new RemoteState(
                target,
                workers,
                !workers.isEmpty() || unreachable < 0 ? null : Duration.ofNanos(unreachable),
                link.connects.sum(),
                link.sentBytes.sum(),
                link.receivedBytes.sum(),
                link.answers.sum(),
                link.roundTripNanos.sum());
    }

    /** Connects to workers now. Otherwise, the first item does. */
    public void connect() {
        lanes.forEach(Lane::reach);
    }

    @Override
    public CompletableFuture<R> process(T item) {
        Objects.requireNonNull(item, "item");
        return submit(item, timeout());
    }

    @Override
    public CompletableFuture<R> process(T item, Duration timeout) {
        Objects.requireNonNull(item, "item");
        return submit(item, Objects.requireNonNull(timeout, "timeout"));
    }

    @Override
    public CompletableFuture<List<R>> processAll(Collection<? extends T> items) {
        List<T> all = new ArrayList<>(items.size());
        for (T item : items) {
            all.add(Objects.requireNonNull(item, "item"));
        }
        List<CompletableFuture<R>> each = new ArrayList<>(all.size());
        Duration timeout = timeout();
        for (T item : all) {
            each.add(submit(item, timeout));
        }
        return Together.of(each);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns fails where the item does
    private CompletableFuture<R> submit(T item, Duration timeout) {
        RemoteCall<R> call;
        try {
            call = calls.call(item, timeout);
        } catch (Throwable e) { // the codec and the partitioner are user code
            return CompletableFuture.failedFuture(e);
        }
        open.opened();
        CompletableFuture<@Nullable Void> sent = lane(call).queue().process(call, timeout);
        call.whenComplete((result, failure) -> {
            if (!call.isWritten()) { // else it succeeds when the frame is on its way
                sent.cancel(false);
            }
            call.settled();
            open.closed();
        });
        sent.whenComplete((written, failure) -> {
            if (failure == null) {
                call.whenComplete((result, end) -> observers.settled(call, end));
            } else if (!sent.isCancelled()) {
                call.fail(Failures.ofOutbox(name, failure, call.mayHaveRun()));
            }
        });
        return call;
    }

    private Lane lane(RemoteCall<R> call) {
        if (lanes.size() == 1) {
            return lanes.get(0);
        }
        int number = call.partitionKey != null ? spread(call.partitionKey.hashCode()) : turn.getAndIncrement();
        return lanes.get(Math.floorMod(number, lanes.size()));
    }

    /** Strings that differ in their last character shall not be neighbours. The same in every process. */
    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }

    private Duration timeout() {
        return Objects.requireNonNull(options().itemTimeout());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public BatcherOptions options() {
        return lanes.get(0).queue().options();
    }

    @Override
    public void reconfigure(UnaryOperator<BatcherOptions> change) {
        for (Lane lane : lanes) {
            lane.queue().reconfigure(options -> {
                BatcherOptions changed = change.apply(options);
                return changed == null ? changed : GrpcBatcherBuilder.ofClient(changed);
            });
        }
    }

    @Override
    public BatcherSnapshot snapshot() {
        return Snapshots.of(lanes, open.count());
    }

    @Override
    public void addListener(BatcherListener listener) {
        observers.add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void removeListener(BatcherListener listener) {
        observers.remove(listener);
    }

    @Override
    public void flush() {
        lanes.forEach(lane -> lane.queue().flush());
    }

    @Override
    public void pause() {
        lanes.forEach(lane -> lane.queue().pause());
    }

    @Override
    public void resume() {
        lanes.forEach(lane -> lane.queue().resume());
    }

    @Override
    public void start() {
        lifecycle.start();
    }

    @Override
    public boolean isRunning() {
        return lanes.get(0).queue().isRunning();
    }

    @Override
    public CompletableFuture<Void> stop(boolean force) {
        return lifecycle.stop(force);
    }

    @Override
    public CompletableFuture<Void> stop(Duration grace) {
        return lifecycle.stop(grace);
    }

    /** As {@link AsyncBatcher#close}, and closes the channel if it is the client's own. It can't be started again then. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a forced stop has the same end
    public void close() {
        CompletableFuture<Void> end = stop(false);
        try {
            end.get();
        } catch (InterruptedException e) {
            stop(true);
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) { // stops don't fail
            throw new IllegalStateException(e);
        }
        if (ownsChannel) {
            link.shutdown();
        }
    }

    @Override
    public String toString() {
        return "GrpcBatcher[" + name + " -> " + target + "]";
    }
}
