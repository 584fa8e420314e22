package io.asyncbatcher.spring.boot.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Batches are traced by the tracer that Spring Boot makes, and nothing else is traced otherwise than before. */
class BatcherTracesTests {

    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withUserConfiguration(Application.class)
            .withPropertyValues(
                    "batcher.max-queue-time=0",
                    "management.tracing.sampling.probability=1",
                    "management.defaults.metrics.export.enabled=false");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Texts texts(ObservationRegistry observations) {
            return new Texts(observations);
        }

        @Bean
        AsyncBatcher<Integer, Integer> declared() {
            return AsyncBatcher.<Integer, Integer>builder(List::copyOf)
                    .name("declared")
                    .maxBatchSize(1)
                    .build();
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
        final Map<String, String> logged = new ConcurrentHashMap<>();

        Texts(ObservationRegistry observations) {
            this.observations = observations;
        }

        @Batched
        List<String> texts(List<Long> ids) {
            Map<String, String> mdc = MDC.getCopyOfContextMap();
            logged.putAll(mdc == null ? Map.of() : mdc);
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
                .atMost(TestTimes.LONG)
                .until(
                        () -> ended.getFinishedSpanItems().stream()
                                .filter(span -> span.getName().equals(name))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void theBatcherOfAMethodIsTraced() {
        boot.run(context -> {
            ObservationRegistry observations = context.getBean(ObservationRegistry.class);
            Observation.createNotStarted("request", observations)
                    .observe(() -> assertThat(texts(context).process(1L)).succeedsWithin(TestTimes.LONG));

            SpanData request = span(context, "request");
            SpanData batch = span(context, "batcher texts");
            assertThat(batch.getParentSpanContext().isValid()).isFalse();
            assertThat(OpenTelemetry.linked(batch)).containsExactly(request.getSpanId());
            assertThat(span(context, "query").getParentSpanId()).isEqualTo(batch.getSpanId());
            SpanData part = span(context, "batcher texts items");
            assertThat(part.getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(OpenTelemetry.linked(part)).containsExactly(batch.getSpanId());
        });
    }

    @Test
    void whatIsLoggedInABatchCarriesItsTrace() {
        // Started like an application: only then does Spring Boot write the current span into the MDC.
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties("batcher.max-queue-time=0", "management.tracing.sampling.probability=1")
                .run()) {
            assertThat(texts(context).process(1L)).succeedsWithin(TestTimes.LONG);
            SpanData batch = span(context, "batcher texts");
            assertThat(context.getBean(Texts.class).logged)
                    .containsEntry("traceId", batch.getTraceId())
                    .containsEntry("spanId", batch.getSpanId());
        }
    }

    @Test
    void aDeclaredBatcherIsTraced() {
        boot.run(context -> {
            @SuppressWarnings("unchecked")
            BatcherClient<Integer, Integer> declared = context.getBean("declared", BatcherClient.class);
            assertThat(declared.process(1)).succeedsWithin(TestTimes.LONG);
            assertThat(span(context, "batcher declared").getParentSpanContext().isValid())
                    .isFalse();
        });
    }

    @Test
    void bootsOwnHandlersStay() {
        boot.run(context -> {
            assertThat(context)
                    .hasSingleBean(DefaultTracingObservationHandler.class)
                    .hasSingleBean(PropagatingReceiverTracingObservationHandler.class)
                    .hasSingleBean(PropagatingSenderTracingObservationHandler.class)
                    .hasBean("asyncBatcherTraces");
            assertThat(context.getBean(DefaultTracingObservationHandler.class).getClass())
                    .isEqualTo(DefaultTracingObservationHandler.class);
        });
    }

    @Test
    void aBatchIsNoObservationAndSoMakesNoSecondMeter() {
        boot.withBean(SimpleMeterRegistry.class).run(context -> {
            assertThat(texts(context).process(1L)).succeedsWithin(TestTimes.LONG);
            span(context, "batcher texts");
            assertThat(context.getBean(SimpleMeterRegistry.class).getMeters())
                    .extracting(meter -> meter.getId().getName())
                    .filteredOn(name -> name.startsWith("batcher"))
                    .doesNotContain("batcher.texts", "batcher", "batcher.active")
                    .contains("batcher.batch.duration");
        });
    }

    @Test
    void aRestartTracesNothingTwice() {
        // Spring Cloud's own restart wants an application that was started as one.
        boot.withPropertyValues("spring.cloud.refresh.enabled=false").run(context -> {
            context.stop();
            context.start();
            assertThat(texts(context).process(1L)).succeedsWithin(TestTimes.LONG);
            span(context, "batcher texts");
            assertThat(context.getBean(InMemorySpanExporter.class).getFinishedSpanItems())
                    .filteredOn(span -> span.getName().equals("batcher texts"))
                    .hasSize(1);
        });
    }

    private final ApplicationContextRunner plain = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0")
            .withBean(Texts.class, () -> new Texts(ObservationRegistry.NOOP));

    @Test
    void withoutATracerNothingIsTraced() {
        plain.run(context -> {
            assertThat(context).hasNotFailed().hasBean("asyncBatcherTraces");
            assertThat(texts(context).process(1L)).succeedsWithin(TestTimes.LONG);
        });
    }

    @Test
    void withATracerThatDoesNothingNothingIsRemembered() {
        plain.withBean(Tracer.class, () -> Tracer.NOOP).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(texts(context).process(1L)).succeedsWithin(TestTimes.LONG);
        });
    }

    @Test
    void withoutMicrometerTracingItWorks() {
        plain.withClassLoader(new FilteredClassLoader("io.micrometer.tracing")).run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean("asyncBatcherTraces");
            assertThat(context).hasBean("asyncBatcherMeters");
            assertThat(texts(context).process(1L)).succeedsWithin(TestTimes.LONG);
        });
    }

    @Test
    void aBatcherIsNotTracedWhereThatIsSwitchedOff() {
        boot.withPropertyValues("batcher.instances.texts.tracing=false").run(context -> {
            assertThat(texts(context).process(1L)).succeedsWithin(TestTimes.LONG);
            @SuppressWarnings("unchecked")
            AsyncBatcher<Integer, Integer> declared = context.getBean("declared", AsyncBatcher.class);
            assertThat(declared.process(1)).succeedsWithin(TestTimes.LONG);

            span(context, "query");
            span(context, "batcher declared");
            assertThat(context.getBean(InMemorySpanExporter.class).getFinishedSpanItems())
                    .extracting(SpanData::getName)
                    .doesNotContain("batcher texts");
        });
    }

    static class Untraced {
        @Batched(tracing = "false")
        List<String> untraced(List<Long> ids) {
            return ids.stream().map(String::valueOf).toList();
        }
    }

    @Test
    void allAreSwitchedOffAndOneOnAgain() {
        boot.withBean(Untraced.class)
                .withPropertyValues("batcher.tracing=false", "batcher.instances.declared.tracing=true")
                .run(context -> {
                    assertThat(texts(context).process(1L)).succeedsWithin(TestTimes.LONG);
                    @SuppressWarnings("unchecked")
                    BatcherClient<Long, String> untraced =
                            context.getBean("untracedBatcherClient", BatcherClient.class);
                    assertThat(untraced.process(1L)).succeedsWithin(TestTimes.LONG);
                    @SuppressWarnings("unchecked")
                    AsyncBatcher<Integer, Integer> declared = context.getBean("declared", AsyncBatcher.class);
                    assertThat(declared.process(1)).succeedsWithin(TestTimes.LONG);

                    span(context, "batcher declared");
                    assertThat(context.getBean(InMemorySpanExporter.class).getFinishedSpanItems())
                            .extracting(SpanData::getName)
                            .doesNotContain("batcher texts", "batcher untraced");
                });
    }
}
