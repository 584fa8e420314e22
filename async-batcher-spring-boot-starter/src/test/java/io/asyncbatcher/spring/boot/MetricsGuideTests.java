package io.asyncbatcher.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** The Java of docs/metrics.md, and that it does what the page says. */
class MetricsGuideTests {

    record Audit(String text) {}

    interface Archive {
        void write(Audit audit);
    }

    /** An item that brings its caller's context along. */
    record InContext<T>(T item, ContextSnapshot context) {}

    @Component
    static class Audits {

        private final ContextSnapshotFactory snapshots =
                ContextSnapshotFactory.builder().build();
        private final BatcherClient<InContext<Audit>, Void> audits;

        Audits(BatcherClient<InContext<Audit>, Void> audits) {
            this.audits = audits;
        }

        CompletableFuture<Void> write(Audit audit) {
            return audits.process(new InContext<>(audit, snapshots.captureAll()));
        }
    }

    @Component
    static class AuditBatches {

        private final Archive archive;

        AuditBatches(Archive archive) {
            this.archive = archive;
        }

        @Batched
        void audits(List<InContext<Audit>> batch) {
            for (InContext<Audit> audit : batch) {
                audit.context().wrap(() -> archive.write(audit.item())).run();
            }
        }
    }

    @Test
    void anItemIsWorkedForInItsCallersContext() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor("user"));
        List<String> written = new CopyOnWriteArrayList<>();
        try {
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
                    .withPropertyValues("batcher.max-batch-size=3", "batcher.max-queue-time=1m")
                    .withBean(Archive.class, () -> audit -> written.add(audit.text() + " by " + MDC.get("user")))
                    .withBean(AuditBatches.class)
                    .withBean(Audits.class)
                    .run(context -> {
                        Audits audits = context.getBean(Audits.class);
                        MDC.put("user", "ann");
                        audits.write(new Audit("1"));
                        MDC.put("user", "ben");
                        audits.write(new Audit("2"));
                        MDC.clear();
                        assertThat(audits.write(new Audit("3"))).succeedsWithin(TestTimes.LONG);
                    });
        } finally {
            ContextRegistry.getInstance().removeThreadLocalAccessor(Slf4jThreadLocalAccessor.KEY);
        }
        assertThat(written).containsExactly("1 by ann", "2 by ben", "3 by null");
    }

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
