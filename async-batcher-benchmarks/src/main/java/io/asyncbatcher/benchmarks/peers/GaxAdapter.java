package io.asyncbatcher.benchmarks.peers;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutureCallback;
import com.google.api.core.ApiFutures;
import com.google.api.core.SettableApiFuture;
import com.google.api.gax.batching.BatchEntry;
import com.google.api.gax.batching.BatcherImpl;
import com.google.api.gax.batching.BatchingDescriptor;
import com.google.api.gax.batching.BatchingRequestBuilder;
import com.google.api.gax.batching.BatchingSettings;
import com.google.api.gax.rpc.ApiCallContext;
import com.google.api.gax.rpc.UnaryCallable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * gax's {@code BatcherImpl}, which the Google Cloud clients use. Its futures are Guava's; a callback turns each into a
 * {@code CompletableFuture}. It has no limit of calls at once: batches queue before a pool of that many threads.
 */
final class GaxAdapter<T, R> implements PeerAdapter<T, R> {

    private final ScheduledExecutorService timer = Threads.timer("gax-timer");
    private final ExecutorService threads;
    private final BatcherImpl<T, R, List<T>, List<R>> batcher;

    GaxAdapter(PeerSettings<T, R> settings) {
        threads = Threads.fixed(settings.concurrency(), "gax-batches");
        BatchingSettings batchingSettings = BatchingSettings.newBuilder()
                .setElementCountThreshold((long) settings.maxBatchSize())
                .setRequestByteThreshold(Long.MAX_VALUE)
                .setDelayThresholdDuration(settings.linger())
                .build();
        batcher = new BatcherImpl<>(
                new Descriptor<>(),
                new Calls<>(threads, settings.processor()),
                List.of(),
                batchingSettings,
                timer,
                null,
                null);
    }

    @Override
    public CompletableFuture<R> process(T item) {
        CompletableFuture<R> future = new CompletableFuture<>();
        ApiFutures.addCallback(
                batcher.add(item),
                new ApiFutureCallback<>() {
                    @Override
                    public void onSuccess(R result) {
                        future.complete(result);
                    }

                    @Override
                    public void onFailure(Throwable failure) {
                        future.completeExceptionally(failure);
                    }
                },
                Runnable::run);
        return future;
    }

    @Override
    public void close() {
        try {
            batcher.close(Duration.ofSeconds(1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException stuck) {
            // What is left is lost, as the interface says.
        } finally {
            timer.shutdownNow();
            threads.shutdownNow();
        }
    }

    /** The remote call. */
    private static final class Calls<T, R> extends UnaryCallable<List<T>, List<R>> {

        private final ExecutorService threads;
        private final Function<List<T>, List<R>> batch;

        Calls(ExecutorService threads, Function<List<T>, List<R>> batch) {
            this.threads = threads;
            this.batch = batch;
        }

        @Override
        public ApiFuture<List<R>> futureCall(List<T> request, @Nullable ApiCallContext context) {
            SettableApiFuture<List<R>> response = SettableApiFuture.create();
            threads.execute(() -> {
                try {
                    response.set(batch.apply(request));
                } catch (RuntimeException failure) {
                    response.setException(failure);
                }
            });
            return response;
        }
    }

    /** How items become a request, and a response becomes results. */
    private static final class Descriptor<T, R> implements BatchingDescriptor<T, R, List<T>, List<R>> {

        @Override
        public BatchingRequestBuilder<T, List<T>> newRequestBuilder(List<T> prototype) {
            return new BatchingRequestBuilder<>() {
                private final List<T> items = new ArrayList<>();

                @Override
                public void add(T item) {
                    items.add(item);
                }

                @Override
                public List<T> build() {
                    return items;
                }
            };
        }

        @Override
        public void splitResponse(List<R> response, List<BatchEntry<T, R>> entries) {
            for (int i = 0; i < entries.size(); i++) {
                entries.get(i).getResultFuture().set(response.get(i));
            }
        }

        @Override
        public void splitException(Throwable failure, List<BatchEntry<T, R>> entries) {
            for (BatchEntry<T, R> entry : entries) {
                entry.getResultFuture().setException(failure);
            }
        }

        @Override
        public long countBytes(T item) {
            return 1;
        }
    }
}
