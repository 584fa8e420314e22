package io.asyncbatcher.spring.boot.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.TestTimes;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which trace the exemplars of a batcher's meters lead to. */
class ExemplarTests {

    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withUserConfiguration(Application.class)
            .withPropertyValues(
                    "batcher.max-queue-time=0",
                    "management.tracing.sampling.probability=1",
                    "management.prometheus.metrics.export.enabled=true",
                    "management.metrics.distribution.percentiles-histogram.batcher=true");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }

        @Bean
        InMemorySpanExporter ended() {
            return InMemorySpanExporter.create();
        }

        @Bean
        SpanProcessor atOnce(InMemorySpanExporter ended) {
            return SimpleSpanProcessor.create(ended);
        }
    }

    @Test
    void anItemsTimerLeadsToItsCallerAndABatchsToTheBatch() {
        boot.run(context -> {
            @SuppressWarnings("unchecked")
            BatcherClient<Long, String> texts = context.getBean("textsBatcherClient", BatcherClient.class);
            assertThat(OpenTelemetry.inSpan(context.getBean(Tracer.class), "request", () -> texts.process(1L)))
                    .succeedsWithin(TestTimes.LONG);
            texts.process(2L).join(); // so that all of the first batch has been recorded

            SpanData request = span(context, "request");
            SpanData batch = span(context, "batcher texts");
            String scrape = context.getBean(PrometheusMeterRegistry.class)
                    .scrape("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(exemplar(scrape, "batcher_item_latency_seconds_bucket")).isEqualTo(request.getSpanId());
            assertThat(exemplar(scrape, "batcher_batch_duration_seconds_bucket"))
                    .isEqualTo(batch.getSpanId());
            assertThat(exemplar(scrape, "batcher_queue_time_seconds_bucket")).isEqualTo(batch.getSpanId());
            assertThat(exemplar(scrape, "batcher_batch_size_bucket")).isEqualTo(batch.getSpanId());
            assertThat(exemplar(scrape, "batcher_dispatches_total")).isEqualTo(batch.getSpanId());
        });
    }

    private static SpanData span(ApplicationContext context, String name) {
        return context.getBean(InMemorySpanExporter.class).getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The span id of a meter's first exemplar. */
    private static String exemplar(String scrape, String series) {
        Matcher matcher = Pattern.compile("(?m)^" + series + "\\{.*# \\{span_id=\"(\\w+)\"")
                .matcher(scrape);
        assertThat(matcher.find())
                .as(series + " with an exemplar in\n" + scrape)
                .isTrue();
        return matcher.group(1);
    }
}
