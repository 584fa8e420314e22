package io.asyncbatcher.spring.boot.tracing;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelBaggageManager;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.function.Supplier;

/** The real SDK behind Micrometer's tracer, and the spans that have ended. */
final class OpenTelemetry {

    private final InMemorySpanExporter ended = InMemorySpanExporter.create();
    final Tracer tracer;

    OpenTelemetry() {
        this(Sampler.alwaysOn());
    }

    OpenTelemetry(Sampler sampler) {
        OtelCurrentTraceContext current = new OtelCurrentTraceContext();
        tracer = new OtelTracer(
                SdkTracerProvider.builder()
                        .setSampler(sampler)
                        .addSpanProcessor(SimpleSpanProcessor.create(ended))
                        .build()
                        .get("test"),
                current,
                event -> {},
                new OtelBaggageManager(current, List.of(), List.of()));
    }

    /** Does something while a new span is current, and ends the span. */
    <V> V inSpan(String name, Supplier<V> work) {
        return inSpan(tracer, name, work);
    }

    static <V> V inSpan(Tracer tracer, String name, Supplier<V> work) {
        Span span = tracer.nextSpan().name(name).start();
        Tracer.SpanInScope scope = tracer.withSpan(span);
        try {
            return work.get();
        } finally {
            scope.close();
            span.end();
        }
    }

    List<SpanData> spans() {
        return ended.getFinishedSpanItems();
    }

    /** All ended spans of a name. */
    List<SpanData> named(String name) {
        return spans().stream().filter(span -> span.getName().equals(name)).toList();
    }

    /** The one that has ended of a name. */
    SpanData span(String name) {
        List<SpanData> named = named(name);
        if (named.size() != 1) {
            throw new AssertionError(named.size() + " spans are called " + name + " among " + spans());
        }
        return named.get(0);
    }

    /** The ids of the spans that one is linked to. */
    static List<String> linked(SpanData span) {
        return span.getLinks().stream()
                .map(LinkData::getSpanContext)
                .map(context -> context.getSpanId())
                .toList();
    }
}
