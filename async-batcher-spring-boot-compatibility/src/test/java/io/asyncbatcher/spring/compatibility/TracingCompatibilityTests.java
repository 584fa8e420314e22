package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tracing as the older line configures it, and the starter without it. */
class TracingCompatibilityTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Texts texts(ObservationRegistry observations) {
            return new Texts(observations);
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

    static class Texts {

        private final ObservationRegistry observations;

        Texts(ObservationRegistry observations) {
            this.observations = observations;
        }

        @Batched
        List<String> texts(List<Long> ids) {
            return Observation.createNotStarted("query", observations)
                    .observe(() -> ids.stream().map(id -> "text " + id).toList());
        }
    }

    @SuppressWarnings("unchecked")
    private static BatcherClient<Long, String> texts(ApplicationContext context) {
        return context.getBean("textsBatcherClient", BatcherClient.class);
    }

    private static SpanData span(ApplicationContext context, String name) {
        InMemorySpanExporter ended = context.getBean(InMemorySpanExporter.class);
        return Awaitility.await()
                .atMost(LONG)
                .until(
                        () -> ended.getFinishedSpanItems().stream()
                                .filter(span -> span.getName().equals(name))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static List<String> linked(SpanData span) {
        return span.getLinks().stream()
                .map(link -> link.getSpanContext().getSpanId())
                .toList();
    }

    @Test
    void aBatchAndItsCallersAreLinked() {
        new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues("batcher.max-queue-time=0", "management.tracing.sampling.probability=1")
                .run(context -> {
                    Observation.createNotStarted("request", context.getBean(ObservationRegistry.class))
                            .observe(
                                    () -> assertThat(texts(context).process(1L)).succeedsWithin(LONG));

                    SpanData request = span(context, "request");
                    SpanData batch = span(context, "batcher texts");
                    SpanData items = span(context, "batcher texts items");
                    assertThat(batch.getParentSpanContext().isValid()).isFalse();
                    assertThat(linked(batch)).containsExactly(request.getSpanId());
                    assertThat(span(context, "query").getParentSpanId()).isEqualTo(batch.getSpanId());
                    assertThat(items.getParentSpanId()).isEqualTo(request.getSpanId());
                    assertThat(linked(items)).containsExactly(batch.getSpanId());
                    assertThat(context).hasSingleBean(DefaultTracingObservationHandler.class);
                });
    }

    @Test
    void withoutMicrometerTracingNothingIsMissed() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
                .withBean(Texts.class, () -> new Texts(ObservationRegistry.NOOP))
                .withClassLoader(new FilteredClassLoader("io.micrometer.tracing"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(texts(context).process(1L)).succeedsWithin(LONG).isEqualTo("text 1");
                });
    }
}
