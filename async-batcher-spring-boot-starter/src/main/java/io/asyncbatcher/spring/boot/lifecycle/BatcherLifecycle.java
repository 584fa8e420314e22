package io.asyncbatcher.spring.boot.lifecycle;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Stops the batchers gracefully, in two stages.
 *
 * <p>When the context begins to close, {@linkplain PromptDispatch nothing lingers any more}, but items are still accepted.
 * When the web server and the message listeners have ended, items are rejected and the accepted ones are drained, before
 * anything goes that a processor may need. Spring bounds that by {@code spring.lifecycle.timeout-per-shutdown-phase}; what
 * is left then fails when its batcher is destroyed ({@link Batchers}).
 */
final class BatcherLifecycle
        implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, Ordered, AopInfrastructureBean {

    /** After the web server (-2048 when it has to be quick), before executors and data sources. */
    static final int PHASE = DEFAULT_PHASE - 4096;

    private static final Log log = LogFactory.getLog(BatcherLifecycle.class);

    private final Batchers batchers;
    private final ApplicationContext context;
    private final PromptDispatch stageOne = new PromptDispatch();

    /** Those that were running when the context was stopped, and the ends of their stops. */
    private final Map<AsyncBatcher<?, ?>, CompletableFuture<Void>> stopped = new ConcurrentHashMap<>();

    private volatile boolean running;

    BatcherLifecycle(Batchers batchers, ApplicationContext context) {
        this.batchers = batchers;
        this.context = context;
        batchers.watch(stageOne);
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** The first to hear that the context closes: executors that hear it reject what batchers hand them. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
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

    /**
     * Undoes both stages. A batcher that somebody else stopped is left alone; one that Spring didn't wait for starts when
     * it is drained.
     */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a late start
    public void start() {
        running = true;
        stageOne.end();
        for (AsyncBatcher<?, ?> batcher : batchers.everyOne()) {
            CompletableFuture<Void> end = stopped.get(batcher);
            if (end == null) {
                stageOne.restore(batcher);
                continue;
            }
            if (!end.isDone()) {
                log.warn("Batcher '" + batcher.name() + "' still has " + remaining(List.of(batcher))
                        + " from before the stop. It starts when they are settled.");
            }
            end.thenRun(() -> startAgain(batcher, end));
        }
    }

    private void startAgain(AsyncBatcher<?, ?> batcher, CompletableFuture<Void> end) {
        if (running) {
            batcher.start();
            stageOne.restore(batcher);
            stopped.remove(batcher, end);
            if (!running) {
                // Another stop came in between, and may have overlooked it.
                stopped.put(batcher, batcher.stop(false));
            }
        }
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext() == context) {
            dispatchPromptly();
        }
    }

    /** Stage one. */
    void dispatchPromptly() {
        stageOne.begin(batchers);
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
        List<AsyncBatcher<?, ?>> all = batchers.everyOne();
        if (all.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        long beginNanos = System.nanoTime();
        log.info("Draining the batchers: " + remaining(all));
        return CompletableFuture.allOf(all.stream().map(this::drain).toArray(CompletableFuture[]::new))
                .whenComplete((done, failure) -> {
                    // One that was destroyed meanwhile was cut off, which has been said.
                    if (batchers.everyOne().containsAll(all)) {
                        log.info("Drained the batchers in "
                                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos) + " ms: "
                                + remaining(all));
                    }
                });
    }

    private CompletableFuture<Void> drain(AsyncBatcher<?, ?> batcher) {
        boolean wasRunning = batcher.isRunning();
        CompletableFuture<Void> end = batcher.stop(false);
        if (wasRunning) {
            stopped.put(batcher, end);
        }
        if (batcher.isInside()) {
            log.warn("Batcher '" + batcher.name() + "' is stopped by a batch of its own, so nobody waits for its "
                    + remaining(List.of(batcher)) + ".");
            return CompletableFuture.completedFuture(null);
        }
        return end;
    }

    private static String remaining(List<AsyncBatcher<?, ?>> batchers) {
        List<BatcherSnapshot> snapshots =
                batchers.stream().map(AsyncBatcher::snapshot).toList();
        return snapshots.stream().mapToLong(BatcherSnapshot::queued).sum() + " queued and "
                + snapshots.stream().mapToLong(BatcherSnapshot::inFlight).sum() + " in-flight items";
    }
}
