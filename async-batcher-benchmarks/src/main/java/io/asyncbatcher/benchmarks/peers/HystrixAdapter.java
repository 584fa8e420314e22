package io.asyncbatcher.benchmarks.peers;

import com.netflix.hystrix.HystrixCollapser;
import com.netflix.hystrix.HystrixCollapserKey;
import com.netflix.hystrix.HystrixCollapserProperties;
import com.netflix.hystrix.HystrixCommand;
import com.netflix.hystrix.HystrixCommandGroupKey;
import com.netflix.hystrix.HystrixCommandProperties;
import com.netflix.hystrix.HystrixThreadPoolProperties;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Hystrix's collapser across all callers, without caches, circuit breaker, time-out and fallback. Its timer ticks each
 * linger. Its settings stick to its name for the life of the JVM, hence a new name each time. It has no limit of calls at
 * once: commands queue before its pool of that many threads.
 */
final class HystrixAdapter<T, R> implements PeerAdapter<T, R> {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final int QUEUE = 1 << 16;

    private final Function<List<T>, List<R>> batch;
    private final HystrixCollapser.Setter collapser;
    private final HystrixCommand.Setter command;

    HystrixAdapter(PeerSettings<T, R> settings) {
        batch = settings.processor();
        String name = "peer-" + NAMES.incrementAndGet();
        collapser = HystrixCollapser.Setter.withCollapserKey(HystrixCollapserKey.Factory.asKey(name))
                .andScope(HystrixCollapser.Scope.GLOBAL)
                .andCollapserPropertiesDefaults(HystrixCollapserProperties.Setter()
                        .withMaxRequestsInBatch(settings.maxBatchSize())
                        .withTimerDelayInMilliseconds(
                                Math.toIntExact(settings.linger().toMillis()))
                        .withRequestCacheEnabled(false));
        command = HystrixCommand.Setter.withGroupKey(HystrixCommandGroupKey.Factory.asKey(name))
                .andCommandPropertiesDefaults(HystrixCommandProperties.Setter()
                        .withExecutionTimeoutEnabled(false)
                        .withCircuitBreakerEnabled(false)
                        .withFallbackEnabled(false)
                        .withRequestCacheEnabled(false)
                        .withRequestLogEnabled(false))
                .andThreadPoolPropertiesDefaults(HystrixThreadPoolProperties.Setter()
                        .withCoreSize(settings.concurrency())
                        .withMaxQueueSize(QUEUE)
                        .withQueueSizeRejectionThreshold(QUEUE));
    }

    @Override
    public CompletableFuture<R> process(T item) {
        CompletableFuture<R> future = new CompletableFuture<>();
        var unused = new One(item).toObservable().subscribe(future::complete, future::completeExceptionally);
        return future;
    }

    @Override
    public void close() {
        // Its threads are the library's, and end with the JVM.
    }

    /** One item's request. */
    private final class One extends HystrixCollapser<List<R>, R, T> {

        private final T item;

        One(T item) {
            super(collapser);
            this.item = item;
        }

        @Override
        public T getRequestArgument() {
            return item;
        }

        @Override
        protected HystrixCommand<List<R>> createCommand(Collection<CollapsedRequest<R, T>> requests) {
            return new HystrixCommand<>(command) {
                @Override
                protected List<R> run() {
                    List<T> items = new ArrayList<>(requests.size());
                    for (CollapsedRequest<R, T> request : requests) {
                        items.add(request.getArgument());
                    }
                    return batch.apply(items);
                }
            };
        }

        @Override
        protected void mapResponseToRequests(List<R> results, Collection<CollapsedRequest<R, T>> requests) {
            int i = 0;
            for (CollapsedRequest<R, T> request : requests) {
                request.setResponse(results.get(i++));
            }
        }
    }
}
