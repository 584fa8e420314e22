package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Stops the batchers gracefully, in two stages.
 *
 * <p>When the context begins to close, requests may wait for companions that will not come any more: from then on nothing
 * lingers, but items are still accepted. When the web server and the message listeners have ended, items are refused and
 * the accepted ones are drained, before anything goes that a processor may need. Spring bounds that by {@code
 * spring.lifecycle.timeout-per-shutdown-phase}.
 */
final class BatcherLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {

    /** After the web server (-2048 when it has to be quick), before executors and data sources. */
    static final int PHASE = DEFAULT_PHASE - 4096;

    private static final Log log = LogFactory.getLog(BatcherLifecycle.class);

    private final Batchers batchers;
    private final ApplicationContext context;
    private final Map<AsyncBatcher<?, ?>, Duration> lingers = new ConcurrentHashMap<>();
    private volatile List<AsyncBatcher<?, ?>> stopped = List.of();
    private volatile boolean running;

    BatcherLifecycle(Batchers batchers, ApplicationContext context) {
        this.batchers = batchers;
        this.context = context;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Spring Framework 7 asks whether tests may stop this between their classes; 6 doesn't know the question. */
    @SuppressWarnings("MissingOverride")
    public boolean isPauseable() {
        return false;
    }

    /** Undoes a stop; a batcher that somebody else stopped is left alone. */
    @Override
    public void start() {
        lingers.forEach((batcher, linger) -> batcher.reconfigure(options -> options.withMaxQueueTime(linger)));
        lingers.clear();
        stopped.forEach(AsyncBatcher::start);
        stopped = List.of();
        running = true;
    }

    /** Stage one. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext() != context) {
            return;
        }
        for (AsyncBatcher<?, ?> batcher : batchers.all()) {
            lingers.putIfAbsent(batcher, batcher.options().maxQueueTime());
            batcher.reconfigure(options -> options.withMaxQueueTime(Duration.ZERO));
        }
    }

    /** Stage two. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // its end is what the callback is for
    public void stop(Runnable callback) {
        drain().whenComplete((done, failure) -> callback.run());
    }

    @Override
    public void stop() {
        drain().join();
    }

    private CompletableFuture<Void> drain() {
        running = false;
        List<AsyncBatcher<?, ?>> all = batchers.all();
        stopped = all.stream().filter(AsyncBatcher::isRunning).toList();
        if (all.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        long beginNanos = System.nanoTime();
        log.info("Draining the batchers: " + remaining(all));
        return CompletableFuture.allOf(
                        all.stream().map(batcher -> batcher.stop(false)).toArray(CompletableFuture[]::new))
                .whenComplete((done, failure) -> {
                    // One that was destroyed meanwhile was cut off, which has been said.
                    if (batchers.all().containsAll(all)) {
                        log.info("Drained the batchers in "
                                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos) + " ms: "
                                + remaining(all));
                    }
                });
    }

    private static String remaining(List<AsyncBatcher<?, ?>> batchers) {
        List<BatcherSnapshot> snapshots =
                batchers.stream().map(AsyncBatcher::snapshot).toList();
        return snapshots.stream().mapToLong(BatcherSnapshot::queued).sum() + " queued and "
                + snapshots.stream().mapToLong(BatcherSnapshot::inFlight).sum() + " in-flight items";
    }
}
