package io.asyncbatcher.benchmarks.peers;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Reactor's {@code bufferTimeout} in its form with fair backpressure: the other one fails where the consumer is slower
 * than the time-outs. It groups only, futures are ours; {@code flatMap} bounds the concurrency, and while it asks for
 * nothing, groups grow.
 */
final class ReactorAdapter<T, R> implements PeerAdapter<T, R> {

    private final AtomicReference<@Nullable FluxSink<Pending<T, R>>> sink = new AtomicReference<>();
    private final FluxSink<Pending<T, R>> items;
    private final ExecutorService threads;
    private final Disposable subscription;

    ReactorAdapter(PeerSettings<T, R> settings) {
        threads = Threads.fixed(settings.concurrency(), "reactor-batches");
        Scheduler scheduler = Schedulers.fromExecutor(threads);
        Flux<List<Pending<T, R>>> groups = Flux.<Pending<T, R>>create(sink::set, FluxSink.OverflowStrategy.BUFFER)
                .bufferTimeout(settings.maxBatchSize(), settings.linger(), true);
        subscription = settings.concurrency() == 1
                ? groups.publishOn(scheduler, 1).subscribe(group -> Pending.settle(group, settings.processor()))
                : groups.flatMap(
                                group -> Mono.fromRunnable(() -> Pending.settle(group, settings.processor()))
                                        .subscribeOn(scheduler),
                                settings.concurrency(),
                                1)
                        .subscribe();
        FluxSink<Pending<T, R>> subscribed = sink.get();
        if (subscribed == null) {
            throw new IllegalStateException("Flux.create did not call back at the subscription");
        }
        items = subscribed;
    }

    @Override
    public CompletableFuture<R> process(T item) {
        Pending<T, R> pending = new Pending<>(item);
        items.next(pending);
        return pending;
    }

    @Override
    public void close() {
        subscription.dispose();
        threads.shutdownNow();
    }
}
