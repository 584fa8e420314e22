package io.asyncbatcher.benchmarks.peers;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Pekko's {@code groupedWithin} behind a bounded source queue. It groups only, futures are ours. With concurrency 1 the
 * stream's own thread runs the batches; with more, {@code mapAsync} bounds the calls at once. Its scheduler ticks each
 * 10 ms unless told otherwise, which would be ten lingers; here each millisecond, the least it takes.
 */
final class PekkoAdapter<T, R> implements PeerAdapter<T, R> {

    private static final int QUEUE = 1 << 16;
    private static final String CONFIGURATION = "pekko.loglevel = WARNING, pekko.scheduler.tick-duration = 1ms";

    private final ActorSystem system = ActorSystem.create(
            "benchmarks", ConfigFactory.parseString(CONFIGURATION).withFallback(ConfigFactory.load()));
    private final ExecutorService threads;
    private final BoundedSourceQueue<Pending<T, R>> queue;

    PekkoAdapter(PeerSettings<T, R> settings) {
        threads = Threads.fixed(settings.concurrency(), "pekko-batches");
        Source<List<Pending<T, R>>, BoundedSourceQueue<Pending<T, R>>> groups =
                Source.<Pending<T, R>>queue(QUEUE).groupedWithin(settings.maxBatchSize(), settings.linger());
        Source<Done, BoundedSourceQueue<Pending<T, R>>> batches = settings.concurrency() == 1
                ? groups.map(group -> settled(group, settings))
                : groups.mapAsync(
                        settings.concurrency(),
                        group -> CompletableFuture.supplyAsync(() -> settled(group, settings), threads));
        queue = batches.to(Sink.ignore()).run(system);
    }

    private static <T, R> Done settled(List<Pending<T, R>> group, PeerSettings<T, R> settings) {
        Pending.settle(group, settings.processor());
        return Done.getInstance();
    }

    @Override
    public CompletableFuture<R> process(T item) {
        Pending<T, R> pending = new Pending<>(item);
        QueueOfferResult offered = queue.offer(pending);
        if (!offered.isEnqueued()) {
            pending.completeExceptionally(new IllegalStateException("Pekko's queue: " + offered));
        }
        return pending;
    }

    @Override
    public void close() {
        queue.complete();
        var unused = system.terminate();
        threads.shutdown();
    }
}
