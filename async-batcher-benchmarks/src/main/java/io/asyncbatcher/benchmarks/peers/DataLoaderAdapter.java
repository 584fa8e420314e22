package io.asyncbatcher.benchmarks.peers;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.dataloader.BatchLoader;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderFactory;
import org.dataloader.DataLoaderOptions;

/**
 * java-dataloader without its cache. It dispatches only when told to: here a timer says so each time the linger is over,
 * whether or not a batch is full; the size slices what is there then. It has no limit of calls at once: slices queue
 * before a pool of that many threads.
 */
final class DataLoaderAdapter<T, R> implements PeerAdapter<T, R> {

    private final ScheduledExecutorService timer = Threads.timer("dataloader-timer");
    private final ExecutorService threads;
    private final DataLoader<T, R> loader;

    DataLoaderAdapter(PeerSettings<T, R> settings) {
        threads = Threads.fixed(settings.concurrency(), "dataloader-batches");
        BatchLoader<T, R> batches =
                keys -> CompletableFuture.supplyAsync(() -> settings.processor().apply(keys), threads);
        loader = DataLoaderFactory.newDataLoader(
                batches,
                DataLoaderOptions.newOptions()
                        .setCachingEnabled(false)
                        .setMaxBatchSize(settings.maxBatchSize())
                        .build());
        long lingerNanos = settings.linger().toNanos();
        var unused = timer.scheduleAtFixedRate(this::dispatch, lingerNanos, lingerNanos, TimeUnit.NANOSECONDS);
    }

    private void dispatch() {
        var unused = loader.dispatch();
    }

    @Override
    public CompletableFuture<R> process(T item) {
        return loader.load(item);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdownNow();
    }
}
