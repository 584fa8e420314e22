package io.asyncbatcher.spring.boot.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import io.asyncbatcher.AsyncBatcher;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveBaggageManager;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same spans with Brave, which knows no links: Micrometer writes them as tags. */
class BraveBatchSpansTests {

    private final List<MutableSpan> ended = new CopyOnWriteArrayList<>();
    private final Tracing tracing = Tracing.newBuilder()
            .addSpanHandler(new SpanHandler() {
                @Override
                public boolean end(TraceContext context, MutableSpan span, Cause cause) {
                    return ended.add(span);
                }
            })
            .build();
    private final Tracer tracer = new BraveTracer(
            tracing.tracer(), new BraveCurrentTraceContext(tracing.currentTraceContext()), new BraveBaggageManager());

    @AfterEach
    void close() {
        tracing.close();
    }

    @Test
    void aBatchAndItsCallersAreLinkedBothWays() {
        AsyncBatcher<Integer, Integer> prices = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    OpenTelemetry.inSpan(tracer, "query", () -> null);
                    return batch;
                })
                .name("prices")
                .maxBatchSize(2)
                .executor(Runnable::run)
                .build();
        prices.addListener(new BatchSpans(tracer));

        OpenTelemetry.inSpan(tracer, "request 1", () -> prices.process(1));
        OpenTelemetry.inSpan(tracer, "request 2", () -> prices.process(2));

        Map<String, MutableSpan> spans = ended.stream()
                .filter(span -> !span.name().endsWith("items"))
                .collect(Collectors.toMap(MutableSpan::name, span -> span));
        MutableSpan batch = spans.get("batcher prices");
        assertThat(batch.parentId()).isNull();
        assertThat(batch.tags())
                .containsEntry("links[0].spanId", spans.get("request 1").id())
                .containsEntry("links[0].traceId", spans.get("request 1").traceId())
                .containsEntry("links[1].spanId", spans.get("request 2").id())
                .containsEntry("batcher.outcome", "success");
        assertThat(spans.get("query").parentId()).isEqualTo(batch.id());

        List<MutableSpan> parts =
                ended.stream().filter(span -> span.name().endsWith("items")).toList();
        assertThat(parts)
                .extracting(MutableSpan::parentId)
                .containsExactly(
                        spans.get("request 1").id(), spans.get("request 2").id());
        assertThat(parts)
                .allSatisfy(part -> assertThat(part.tags())
                        .containsEntry("links[0].spanId", batch.id())
                        .containsEntry("links[0].traceId", batch.traceId()));
        assertThat(tracing.currentTraceContext().get()).isNull();
    }
}
