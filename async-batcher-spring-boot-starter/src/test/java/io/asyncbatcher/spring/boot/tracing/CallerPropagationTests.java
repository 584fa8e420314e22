package io.asyncbatcher.spring.boot.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.grpc.TracePropagation;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A caller's trace on its way to the worker of another application. */
class CallerPropagationTests {

    private final OpenTelemetry web = new OpenTelemetry();
    private final OpenTelemetry worker = new OpenTelemetry();

    private static CallerPropagation propagation(OpenTelemetry side) {
        return new CallerPropagation(side.tracer, propagator());
    }

    private static Propagator propagator() {
        return new OtelPropagator(
                ContextPropagators.create(W3CTraceContextPropagator.getInstance()),
                io.opentelemetry.api.OpenTelemetry.noop().getTracer("test"));
    }

    @Test
    void theCallersTraceIsCurrentWhereTheWorkerSubmitsTheItem() {
        Map<String, String> fields =
                web.inSpan("request", () -> propagation(web).current());

        assertThat(fields).containsKey("traceparent");
        ListenerContext.Scope scope = propagation(worker).open(fields);
        String current = worker.tracer.currentSpan().context().traceId();
        scope.close();

        assertThat(current).isEqualTo(web.span("request").getTraceId());
        assertThat(worker.tracer.currentSpan()).isNull();
    }

    @Test
    void withoutASpanThereIsNothingToCarry() {
        assertThat(propagation(web).current()).isEmpty();
    }

    @Test
    void fieldsThatAreNoTraceDoNoHarm() {
        ListenerContext.Scope scope = propagation(worker).open(Map.of("traceparent", "nonsense"));
        scope.close();

        assertThat(worker.tracer.currentSpan()).isNull();
    }

    @Test
    void itIsThereWhereThereAreTracerAndPropagator() {
        ApplicationContextRunner application = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
                .withBean(Tracer.class, () -> web.tracer);
        application.run(context -> assertThat(context).doesNotHaveBean(TracePropagation.class));
        application
                .withBean(Propagator.class, CallerPropagationTests::propagator)
                .run(context -> assertThat(context).hasSingleBean(TracePropagation.class));
        application
                .withClassLoader(new FilteredClassLoader("io.asyncbatcher.grpc"))
                .withBean(Propagator.class, CallerPropagationTests::propagator)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("asyncBatcherTracePropagation"));
    }
}
