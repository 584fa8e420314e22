package io.asyncbatcher.spring.boot.tracing;

import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.grpc.TracePropagation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Carries the span that is current where an item is submitted to the worker, in the form that the application's tracer propagates.
 * There a span is made of it that is current while the item is submitted, so that the worker's batch is linked to it.
 */
final class CallerPropagation implements TracePropagation {

    private final Tracer tracer;
    private final Propagator propagator;

    CallerPropagation(Tracer tracer, Propagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    @Override
    public Map<String, String> current() {
        Span span = tracer.currentSpan();
        if (span == null) {
            return Map.of();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        propagator.inject(span.context(), fields, (carrier, key, value) -> fields.put(key, value));
        return fields;
    }

    @Override
    public ListenerContext.Scope open(Map<String, String> fields) {
        Span span = propagator.extract(fields, Map::get).name("batcher item").start();
        Tracer.SpanInScope scope = tracer.withSpan(span);
        return () -> {
            scope.close();
            span.end();
        };
    }
}
