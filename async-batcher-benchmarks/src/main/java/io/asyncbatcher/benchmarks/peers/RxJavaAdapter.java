package io.asyncbatcher.benchmarks.peers;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import io.reactivex.rxjava3.processors.UnicastProcessor;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * RxJava's {@code buffer(time, count)}. It groups only, futures are ours. Its clock ticks whether there are items or not,
 * and emits empty groups, which are dropped; it knows no backpressure, so groups don't grow while every slot is busy:
 * they wait behind it.
 */
final class RxJavaAdapter<T, R> implements PeerAdapter<T, R> {

    private final FlowableProcessor<Pending<T, R>> items =
            UnicastProcessor.<Pending<T, R>>create().toSerialized();
    private final ExecutorService threads;
    private final Disposable subscription;

    RxJavaAdapter(PeerSettings<T, R> settings) {
        threads = Threads.fixed(settings.concurrency(), "rxjava-batches");
        Scheduler scheduler = Schedulers.from(threads);
        Flowable<List<Pending<T, R>>> groups = items.buffer(
                        settings.linger().toNanos(),
                        TimeUnit.NANOSECONDS,
                        Schedulers.computation(),
                        settings.maxBatchSize(),
                        () -> (List<Pending<T, R>>) new ArrayList<Pending<T, R>>(),
                        true)
                .filter(group -> !group.isEmpty())
                .onBackpressureBuffer();
        subscription = settings.concurrency() == 1
                ? groups.observeOn(scheduler).subscribe(group -> Pending.settle(group, settings.processor()))
                : groups.flatMapCompletable(
                                group -> Completable.fromRunnable(() -> Pending.settle(group, settings.processor()))
                                        .subscribeOn(scheduler),
                                false,
                                settings.concurrency())
                        .subscribe();
    }

    @Override
    public CompletableFuture<R> process(T item) {
        Pending<T, R> pending = new Pending<>(item);
        items.onNext(pending);
        return pending;
    }

    @Override
    public void close() {
        subscription.dispose();
        threads.shutdownNow();
    }
}
