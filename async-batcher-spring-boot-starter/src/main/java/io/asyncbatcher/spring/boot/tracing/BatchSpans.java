package io.asyncbatcher.spring.boot.tracing;

import io.asyncbatcher.BatchContext;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ListenerContext;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Traces batches. Each is a span without a parent, because none of its callers is more its parent than the others; it is
 * linked to their spans instead, and each of them gets a child that is linked to the batch ({@link BatchSpan}).
 *
 * <p>Of a caller only its span is remembered, and only one that is recorded: nobody would see the others.
 */
final class BatchSpans implements BatcherListener {

    /** The callers' spans to which a batch is linked at most: more links than that OpenTelemetry drops unasked. */
    static final int MAX_CALLERS = 128;

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

    /**
     * The span of one batch, and those that tell its callers' traces of it.
     *
     * <p>The latter are made when the batch has ended, with the time of the submission as their start: the caller's own span
     * may be over by then, so nothing can be added to it, but it can still have a child. Items that share a caller's span share
     * that child, so that a caller with a thousand items gets one a batch and not one an item.
     */
    private static final class BatchSpan implements BatchContext {

        private final Tracer tracer;
        private final String batcher;
        private final Span span;
        private final Collection<Part> parts;

        private BatchSpan(Tracer tracer, String batcher, Span span, Collection<Part> parts) {
            this.tracer = tracer;
            this.batcher = batcher;
            this.span = span;
            this.parts = parts;
        }

        /** The items that a batch has of one caller's span, known by the first of them. */
        private static final class Part {

            private final CallerSpan first;
            private int items;

            Part(CallerSpan first) {
                this.first = first;
            }
        }

        static BatchSpan start(
                Tracer tracer, String batcher, DispatchReason reason, int size, List<ListenerContext> callers) {
            Map<String, Part> parts = new LinkedHashMap<>();
            int unlinked = 0;
            for (ListenerContext caller : callers) {
                CallerSpan first = (CallerSpan) caller;
                TraceContext context = first.span().context();
                String key = context.traceId() + context.spanId();
                if (parts.size() < MAX_CALLERS || parts.containsKey(key)) {
                    parts.computeIfAbsent(key, added -> new Part(first)).items++;
                } else {
                    unlinked++;
                }
            }
            // An executor may run the batch on a caller's thread, and Brave takes the current span for the parent.
            Tracer.SpanInScope nothing = tracer.withSpan(null);
            try {
                Span.Builder span = tracer.spanBuilder()
                        .setNoParent()
                        .name("batcher " + batcher)
                        .tag("batcher.name", batcher)
                        .tag("batcher.reason", reason.name().toLowerCase(Locale.ROOT))
                        .tag("batcher.size", size);
                if (unlinked > 0) {
                    span.tag("batcher.items.unlinked", unlinked);
                }
                parts.values().forEach(part -> span.addLink(new Link(part.first.span())));
                return new BatchSpan(tracer, batcher, span.start(), parts.values());
            } finally {
                nothing.close();
            }
        }

        @Override
        public Scope open() {
            return tracer.withSpan(span)::close;
        }

        @Override
        public void onFinished(BatchOutcome outcome, @Nullable Throwable failure) {
            span.tag("batcher.outcome", outcome.name().toLowerCase(Locale.ROOT));
            if (failure != null && (outcome == BatchOutcome.FAILURE || outcome == BatchOutcome.ABORTED)) {
                span.error(failure);
            }
            span.end();
            parts.forEach(this::tell);
        }

        private void tell(Part part) {
            long elapsedNanos = System.nanoTime() - part.first.submittedNanos();
            Instant start = Instant.now().minusNanos(elapsedNanos);
            Span.Builder told = tracer.spanBuilder()
                    .setParent(part.first.span().context())
                    .name("batcher " + batcher + " items")
                    .startTimestamp(
                            TimeUnit.SECONDS.toNanos(start.getEpochSecond()) + start.getNano(), TimeUnit.NANOSECONDS)
                    .tag("batcher.name", batcher)
                    .tag("batcher.items", part.items);
            if (!Boolean.FALSE.equals(span.context().sampled())) {
                told.addLink(new Link(span));
            }
            told.start().end();
        }
    }
}
