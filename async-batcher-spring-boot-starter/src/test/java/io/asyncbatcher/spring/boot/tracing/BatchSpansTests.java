package io.asyncbatcher.spring.boot.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The spans of batches, and what ties them to their callers' traces. */
class BatchSpansTests {

    private final OpenTelemetry otel = new OpenTelemetry();
    private final VirtualTime time = new VirtualTime();
    private final HandRunExecutor executor = new HandRunExecutor();

    private AsyncBatcher<Integer, Integer> prices(int maxBatchSize, BatchProcessor<Integer, Integer> processor) {
        return traced(AsyncBatcher.builder(processor).maxBatchSize(maxBatchSize), otel);
    }

    private AsyncBatcher<Integer, Integer> traced(AsyncBatcher.Builder<Integer, Integer> builder, OpenTelemetry otel) {
        AsyncBatcher<Integer, Integer> batcher =
                builder.name("prices").time(time).executor(executor).build();
        batcher.addListener(new BatchSpans(otel.tracer));
        return batcher;
    }

    private static String attribute(SpanData span, String key) {
        Object value = span.getAttributes().get(AttributeKey.stringKey(key));
        return value == null ? String.valueOf(span.getAttributes().get(AttributeKey.longKey(key))) : value.toString();
    }

    @Test
    void aBatchIsOneSpanWithoutAParentLinkedToTheSpanOfEachItem() {
        AsyncBatcher<Integer, Integer> prices = prices(3, List::copyOf);

        List<CompletableFuture<Integer>> futures = List.of(
                otel.inSpan("request 1", () -> prices.process(1)),
                otel.inSpan("request 2", () -> prices.process(2)),
                prices.process(3));
        executor.runAll();

        assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
        SpanData batch = otel.span("batcher prices");
        assertThat(batch.getParentSpanId()).isEqualTo(SpanId.getInvalid());
        assertThat(OpenTelemetry.linked(batch))
                .containsExactly(
                        otel.span("request 1").getSpanId(),
                        otel.span("request 2").getSpanId());
        assertThat(batch.getTraceId())
                .isNotEqualTo(otel.span("request 1").getTraceId())
                .isNotEqualTo(otel.span("request 2").getTraceId());
        assertThat(attribute(batch, "batcher.name")).isEqualTo("prices");
        assertThat(attribute(batch, "batcher.size")).isEqualTo("3");
        assertThat(attribute(batch, "batcher.reason")).isEqualTo("full");
        assertThat(attribute(batch, "batcher.outcome")).isEqualTo("success");
        assertThat(batch.getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
    }

    @Test
    void eachCallersTraceSaysWhichBatchServedItThoughItsOwnSpanIsOver() {
        AsyncBatcher<Integer, Integer> prices = prices(2, List::copyOf);
        otel.inSpan("request 1", () -> prices.process(1));
        otel.inSpan("request 2", () -> prices.process(2));
        assertThat(otel.spans()).hasSize(2);

        executor.runAll();

        SpanData batch = otel.span("batcher prices");
        List<SpanData> parts = otel.named("batcher prices items");
        assertThat(parts)
                .extracting(SpanData::getParentSpanId)
                .containsExactly(
                        otel.span("request 1").getSpanId(),
                        otel.span("request 2").getSpanId());
        assertThat(parts).allSatisfy(part -> {
            assertThat(OpenTelemetry.linked(part)).containsExactly(batch.getSpanId());
            assertThat(attribute(part, "batcher.items")).isEqualTo("1");
            assertThat(attribute(part, "batcher.name")).isEqualTo("prices");
            assertThat(part.getEndEpochNanos()).isGreaterThanOrEqualTo(part.getStartEpochNanos());
        });
        long submitted = otel.span("request 1").getStartEpochNanos();
        assertThat(parts.get(0).getStartEpochNanos()).isCloseTo(submitted, within(TimeUnit.SECONDS.toNanos(10)));
        assertThat(parts.get(0).getStartEpochNanos()).isLessThan(batch.getStartEpochNanos());
    }

    @Test
    void aCallerWithManyItemsGetsOneSpanABatch() {
        AsyncBatcher<Integer, Integer> prices = prices(10, List::copyOf);
        otel.inSpan(
                "request",
                () -> prices.processAll(IntStream.range(0, 20).boxed().toList()));
        executor.runAll();

        assertThat(otel.named("batcher prices"))
                .hasSize(2)
                .allSatisfy(batch -> assertThat(OpenTelemetry.linked(batch))
                        .containsExactly(otel.span("request").getSpanId()));
        assertThat(otel.named("batcher prices items"))
                .hasSize(2)
                .allSatisfy(part -> assertThat(attribute(part, "batcher.items")).isEqualTo("10"));
    }

    @Test
    void linksAreBoundedAndTheRestIsCounted() {
        int items = BatchSpans.MAX_CALLERS + 7;
        AsyncBatcher<Integer, Integer> prices = prices(items, List::copyOf);
        for (int item = 0; item < items; item++) {
            int submitted = item;
            otel.inSpan("request", () -> prices.process(submitted));
        }
        executor.runAll();

        SpanData batch = otel.span("batcher prices");
        assertThat(batch.getLinks()).hasSize(128);
        assertThat(batch.getTotalRecordedLinks()).isEqualTo(128);
        assertThat(attribute(batch, "batcher.size")).isEqualTo("135");
        assertThat(attribute(batch, "batcher.items.unlinked")).isEqualTo("7");
        assertThat(otel.named("batcher prices items")).hasSize(128);
    }

    @Test
    void whatTheProcessorTracesIsAChildOfTheBatch() {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultTracingObservationHandler(otel.tracer));
        AsyncBatcher<Integer, Integer> prices = prices(1, batch -> {
            Observation.createNotStarted("query", observations).observe(() -> {});
            otel.inSpan("plain", () -> null);
            return batch;
        });
        otel.inSpan("request", () -> prices.process(1));
        executor.runAll();

        SpanData batch = otel.span("batcher prices");
        assertThat(List.of(otel.span("query"), otel.span("plain"))).allSatisfy(inner -> {
            assertThat(inner.getParentSpanId()).isEqualTo(batch.getSpanId());
            assertThat(inner.getTraceId()).isEqualTo(batch.getTraceId());
        });
    }

    @Test
    void onACallersThreadABatchIsNoChildOfTheCallerAndGivesItsSpanBack() {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultTracingObservationHandler(otel.tracer));
        AsyncBatcher<Integer, Integer> prices = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    Observation.createNotStarted("query", observations).observe(() -> {});
                    return batch;
                })
                .name("prices")
                .maxBatchSize(1)
                .executor(Runnable::run)
                .build();
        prices.addListener(new BatchSpans(otel.tracer));

        Observation.createNotStarted("request", observations).observe(() -> {
            String before = otel.tracer.currentSpan().context().spanId();
            assertThat(prices.process(1)).isCompletedWithValue(1);
            assertThat(otel.tracer.currentSpan().context().spanId()).isEqualTo(before);
        });

        SpanData batch = otel.span("batcher prices");
        assertThat(batch.getParentSpanId()).isEqualTo(SpanId.getInvalid());
        assertThat(otel.span("query").getParentSpanId()).isEqualTo(batch.getSpanId());
        assertThat(OpenTelemetry.linked(batch))
                .containsExactly(otel.span("request").getSpanId());
    }

    @Test
    void continuationsDoNotRunInTheBatch() {
        AsyncBatcher<Integer, Integer> prices = prices(1, List::copyOf);
        List<Object> current = new ArrayList<>();
        otel.inSpan("request", () -> prices.process(1)).thenRun(() -> current.add(otel.tracer.currentSpan() == null));
        executor.runAll();
        assertThat(current).containsExactly(true);
        assertThat(otel.tracer.currentSpan()).isNull();
    }

    @Test
    void anAsynchronousBatchLastsUntilItsStageEnds() {
        CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
        AsyncBatcher<Integer, Integer> prices = traced(
                AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                            otel.inSpan("sent", () -> null);
                            return stage;
                        })
                        .maxBatchSize(1),
                otel);
        otel.inSpan("request", () -> prices.process(1));
        executor.runAll();
        assertThat(otel.named("batcher prices")).isEmpty();
        assertThat(otel.tracer.currentSpan()).isNull();

        stage.complete(List.of(1));

        SpanData batch = otel.span("batcher prices");
        assertThat(otel.span("sent").getParentSpanId()).isEqualTo(batch.getSpanId());
        assertThat(otel.span("batcher prices items").getParentSpanId())
                .isEqualTo(otel.span("request").getSpanId());
    }

    @Test
    void aFailedBatchIsAnErrorWithItsException() {
        AsyncBatcher<Integer, Integer> prices = prices(1, batch -> {
            throw new IllegalStateException("down");
        });
        assertThat(prices.process(1)).isNotNull();
        executor.runAll();

        SpanData batch = otel.span("batcher prices");
        assertThat(attribute(batch, "batcher.outcome")).isEqualTo("failure");
        assertThat(batch.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(batch.getEvents()).extracting(EventData::getName).containsExactly("exception");
    }

    @Test
    void aBatchThatFailedInPartIsNoError() {
        AsyncBatcher<Integer, Integer> prices = prices(
                2,
                BatchProcessor.withOutcomes(batch ->
                        List.of(Outcome.success(1), Outcome.<Integer>failure(new IllegalStateException("down")))));
        assertThat(prices.processAll(List.of(1, 2))).isNotNull();
        executor.runAll();

        SpanData batch = otel.span("batcher prices");
        assertThat(attribute(batch, "batcher.outcome")).isEqualTo("partial");
        assertThat(batch.getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
    }

    @Test
    void anAbortedBatchEndsWhenItsItemsDo() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch forEver = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> prices = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    begun.countDown();
                    forEver.await(); // until it is interrupted
                    return batch;
                })
                .name("prices")
                .maxBatchSize(1)
                .batchTimeout(Duration.ofMillis(1))
                .time(time)
                .build();
        prices.addListener(new BatchSpans(otel.tracer));
        CompletableFuture<Integer> future = otel.inSpan("request", () -> prices.process(1));
        assertThat(begun.await(TestTimes.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        time.advance(Duration.ofMillis(1));
        assertThat(future).failsWithin(TestTimes.LONG);

        SpanData batch = otel.span("batcher prices");
        assertThat(attribute(batch, "batcher.outcome")).isEqualTo("aborted");
        assertThat(batch.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        prices.close();
    }

    @Test
    void eachBatchOfAnItemThatIsTriedAgainIsLinkedToItsCaller() {
        List<Integer> tries = new ArrayList<>();
        AsyncBatcher<Integer, Integer> prices = prices(1, BatchProcessor.withOutcomes(batch -> {
            tries.addAll(batch);
            return List.of(
                    tries.size() == 1 ? Outcome.<Integer>retry(new IllegalStateException("busy")) : Outcome.success(1));
        }));
        CompletableFuture<Integer> future = otel.inSpan("request", () -> prices.process(1));
        executor.runAll();
        time.advanceMillis(1);
        executor.runAll();

        assertThat(future).isCompletedWithValue(1);
        String request = otel.span("request").getSpanId();
        assertThat(otel.named("batcher prices"))
                .hasSize(2)
                .allSatisfy(batch -> assertThat(OpenTelemetry.linked(batch)).containsExactly(request));
        assertThat(otel.named("batcher prices items")).hasSize(2);
    }

    @Test
    void callersThatAreNotRecordedAreLeftOut() {
        OpenTelemetry none = new OpenTelemetry(Sampler.alwaysOff());
        AsyncBatcher<Integer, Integer> prices =
                traced(AsyncBatcher.<Integer, Integer>builder(List::copyOf).maxBatchSize(2), otel);
        none.inSpan("unrecorded", () -> prices.process(1));
        otel.inSpan("request", () -> prices.process(2));
        executor.runAll();

        assertThat(OpenTelemetry.linked(otel.span("batcher prices")))
                .containsExactly(otel.span("request").getSpanId());
    }

    @Test
    void aBatchThatIsNotRecordedIsNotLinkedTo() {
        OpenTelemetry byName = new OpenTelemetry(new OnlyRequests());
        AsyncBatcher<Integer, Integer> prices =
                traced(AsyncBatcher.<Integer, Integer>builder(List::copyOf).maxBatchSize(1), byName);
        byName.inSpan("request", () -> prices.process(1));
        executor.runAll();

        assertThat(byName.named("batcher prices")).isEmpty();
        assertThat(byName.span("batcher prices items").getLinks()).isEmpty();
    }

    @Test
    void anItemThatIsRefusedOrNeverDispatchedLeavesNoSpan() throws InterruptedException {
        AsyncBatcher<Integer, Integer> prices = prices(2, List::copyOf);
        otel.inSpan("request", () -> prices.process(1, Duration.ofMillis(1)));
        time.advance(Duration.ofMillis(1));
        assertThat(prices.stop(true)).succeedsWithin(TestTimes.LONG.toMillis(), TimeUnit.MILLISECONDS);
        otel.inSpan("request", () -> prices.process(2));
        executor.runAll();
        assertThat(otel.spans()).extracting(SpanData::getName).containsOnly("request");
    }
}
