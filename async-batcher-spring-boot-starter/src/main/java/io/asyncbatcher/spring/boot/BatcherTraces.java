package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.micrometer.tracing.Tracer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Traces every batcher bean where the application has a tracer: once all singletons are there, so that it isn't made
 * earlier than without us, and a batcher that comes later when it comes.
 */
final class BatcherTraces implements Batchers.Watcher, SmartInitializingSingleton, AopInfrastructureBean {

    private final Batchers batchers;
    private final ObjectProvider<Tracer> tracer;
    private final Predicate<String> traced;
    private final Map<AsyncBatcher<?, ?>, BatchSpans> spans = new ConcurrentHashMap<>();

    /**
     * Prepares the traces.
     *
     * @param traced whether a batcher of this name is to be traced
     */
    BatcherTraces(Batchers batchers, ObjectProvider<Tracer> tracer, Predicate<String> traced) {
        this.batchers = batchers;
        this.tracer = tracer;
        this.traced = traced;
    }

    @Override
    public void afterSingletonsInstantiated() {
        batchers.watch(this);
    }

    @Override
    public void added(AsyncBatcher<?, ?> batcher) {
        if (!traced.test(batcher.name())) {
            return;
        }
        tracer.ifUnique(unique -> {
            // Spring Boot's stand-in where tracing is switched off: nothing is to be remembered for it.
            if (unique != Tracer.NOOP) {
                spans.computeIfAbsent(batcher, added -> {
                    BatchSpans listener = new BatchSpans(unique);
                    added.addListener(listener);
                    return listener;
                });
            }
        });
    }

    @Override
    public void removed(AsyncBatcher<?, ?> batcher) {
        BatchSpans removed = spans.remove(batcher);
        if (removed != null) {
            batcher.removeListener(removed);
        }
    }
}
