package io.asyncbatcher.spring.boot;

import io.asyncbatcher.BatchContext;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ListenerContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Traces batches. Each is a span without a parent, because none of its callers is more its parent than the others; it is
 * linked to their spans instead, and each of them gets a child that is linked to the batch ({@link BatchSpan}).
 *
 * <p>Of a caller only its span is remembered, and only one that is recorded: nobody would see the others.
 */
final class BatchSpans implements BatcherListener {

    private final Tracer tracer;

    BatchSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public @Nullable ListenerContext onSubmitted(String batcher) {
        Span span = tracer.currentSpan();
        return span == null || Boolean.FALSE.equals(span.context().sampled())
                ? null
                : new CallerSpan(tracer, span, System.nanoTime());
    }

    @Override
    public BatchContext onBatch(String batcher, DispatchReason reason, int size, List<ListenerContext> callers) {
        return BatchSpan.start(tracer, batcher, reason, size, callers);
    }

    /**
     * The span that was current where an item was submitted.
     *
     * @param submittedNanos when, as the JVM counts
     */
    record CallerSpan(Tracer tracer, Span span, long submittedNanos) implements ListenerContext {

        @Override
        public Scope open() {
            return tracer.withSpan(span)::close;
        }
    }
}
