package io.asyncbatcher.spring.boot.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The Java of docs/metrics.md, and that it does what the page says. */
class MetricsGuideTests {

    /** Records each batch that serves a recorded trace; of other traces that begin here another sampler decides. */
    record LinkedSampler(Sampler others) implements Sampler {

        @Override
        public SamplingResult shouldSample(
                Context parent,
                String traceId,
                String name,
                SpanKind kind,
                Attributes attributes,
                List<LinkData> links) {
            return links.stream().anyMatch(link -> link.getSpanContext().isSampled())
                    ? SamplingResult.recordAndSample()
                    : others.shouldSample(parent, traceId, name, kind, attributes, links);
        }

        @Override
        public String getDescription() {
            return "linked, or " + others.getDescription();
        }
    }

    @Configuration
    static class Sampling {

        @Bean
        Sampler sampler() {
            return Sampler.parentBased(new LinkedSampler(Sampler.traceIdRatioBased(0.1)));
        }
    }

    @Test
    void aBatchIsRecordedWhereOneOfItsCallersIs() {
        OpenTelemetry otel = new OpenTelemetry(Sampler.parentBased(new LinkedSampler(new OnlyRequests())));
        AsyncBatcher<Integer, Integer> prices = AsyncBatcher.<Integer, Integer>builder(List::copyOf)
                .name("prices")
                .maxBatchSize(1)
                .executor(Runnable::run)
                .build();
        prices.addListener(new BatchSpans(otel.tracer));

        assertThat(prices.process(1)).isCompleted();
        assertThat(otel.named("batcher prices")).isEmpty();

        assertThat(otel.inSpan("request", () -> prices.process(2))).isCompleted();
        assertThat(otel.named("batcher prices")).hasSize(1);
        assertThat(new Sampling().sampler().getDescription()).contains("linked, or TraceIdRatioBased");
    }
}
