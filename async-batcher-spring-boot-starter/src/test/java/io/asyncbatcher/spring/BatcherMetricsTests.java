package io.asyncbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.Outcome;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The meters of a batcher, without Spring Boot. */
@SuppressWarnings("FutureReturnValueIgnored") // what counts is what was counted
class BatcherMetricsTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private AsyncBatcher<Integer, Integer> measured(BatchProcessor<Integer, Integer> processor) {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(processor)
                .name("prices")
                .maxBatchSize(2)
                .maxQueueSize(3)
                .maxQueueTime(Duration.ofMinutes(1))
                .build();
        new BatcherMetrics(batcher).bindTo(registry);
        return batcher;
    }

    private double count(String meter, String... tags) {
        return registry.get(meter).tag("batcher", "prices").tags(tags).meters().stream()
                .flatMap(found -> {
                    List<Double> counts = new ArrayList<>();
                    found.measure().forEach(measurement -> {
                        switch (measurement.getStatistic()) {
                            case COUNT, VALUE -> counts.add(measurement.getValue());
                            default -> {}
                        }
                    });
                    return counts.stream();
                })
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    @Test
    void aFullBatchIsMeasured() {
        try (AsyncBatcher<Integer, Integer> prices = measured(List::copyOf)) {
            assertThat(prices.processAll(List.of(1, 2))).succeedsWithin(LONG);
        }
        assertThat(count("batcher.dispatches", "reason", "full")).isEqualTo(1);
        assertThat(count("batcher.dispatches")).isEqualTo(1);
        assertThat(count("batcher.batch.size")).isEqualTo(1);
        assertThat(registry.get("batcher.batch.size").summary().totalAmount()).isEqualTo(2);
        assertThat(count("batcher.batch.duration", "outcome", "success")).isEqualTo(1);
        assertThat(count("batcher.batch.duration")).isEqualTo(1);
        assertThat(count("batcher.queue.time")).isEqualTo(2);
        assertThat(count("batcher.item.latency", "outcome", "success")).isEqualTo(2);
        assertThat(count("batcher.item.latency")).isEqualTo(2);
        assertThat(count("batcher.rejected")).isZero();
    }

    @Test
    void aFailedBatchIsMeasured() {
        try (AsyncBatcher<Integer, Integer> prices = measured(batch -> {
            throw new IllegalStateException("broken");
        })) {
            assertThat(prices.processAll(List.of(1, 2))).failsWithin(LONG);
        }
        assertThat(count("batcher.batch.duration", "outcome", "failure")).isEqualTo(1);
        assertThat(count("batcher.item.latency", "outcome", "failure")).isEqualTo(2);
    }

    @Test
    void aBatchThatFailedInPartIsMeasured() {
        try (AsyncBatcher<Integer, Integer> prices = measured(BatchProcessor.withOutcomes(
                batch -> List.of(Outcome.success(1), Outcome.<Integer>failure(new IllegalStateException("broken")))))) {
            assertThat(prices.processAll(List.of(1, 2))).failsWithin(LONG);
        }
        assertThat(count("batcher.batch.duration", "outcome", "partial")).isEqualTo(1);
        assertThat(count("batcher.item.latency", "outcome", "success")).isEqualTo(1);
        assertThat(count("batcher.item.latency", "outcome", "failure")).isEqualTo(1);
    }

    @Test
    void whatIsCutOffExpiredOrCancelledIsMeasured() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> prices = measured(batch -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return batch;
        });
        prices.process(1);
        prices.process(2);
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Integer> cancelled = prices.process(3);
        cancelled.cancel(false);
        assertThat(prices.process(4, Duration.ofNanos(1))).failsWithin(LONG);

        assertThat(count("batcher.in.flight")).isEqualTo(2);
        assertThat(count("batcher.batches.active")).isEqualTo(1);
        assertThat(prices.stop(true)).succeedsWithin(LONG);

        assertThat(count("batcher.item.latency", "outcome", "aborted")).isEqualTo(2);
        assertThat(count("batcher.item.latency", "outcome", "cancelled")).isEqualTo(1);
        assertThat(count("batcher.item.latency", "outcome", "expired")).isEqualTo(1);
    }

    @Test
    void refusedItemsAreCounted() {
        AsyncBatcher<Integer, Integer> prices = measured(List::copyOf);
        prices.pause();
        for (int item = 0; item < 4; item++) {
            prices.process(item);
        }
        assertThat(count("batcher.queued")).isEqualTo(3);
        assertThat(count("batcher.rejected", "reason", "full")).isEqualTo(1);

        prices.close();
        prices.process(5);

        assertThat(count("batcher.rejected", "reason", "stopped")).isEqualTo(1);
        assertThat(count("batcher.dispatches", "reason", "stop")).isGreaterThanOrEqualTo(1);
        assertThat(count("batcher.batches.abandoned")).isZero();
    }

    @Test
    void everySeriesExistsFromTheBeginning() {
        try (AsyncBatcher<Integer, Integer> prices = measured(List::copyOf)) {
            assertThat(registry.getMeters())
                    .extracting(Meter::getId)
                    .allSatisfy(id -> assertThat(id.getTag("batcher")).isEqualTo(prices.name()))
                    .extracting(id -> id.getName()
                            + id.getTags().stream()
                                    .filter(tag -> !tag.getKey().equals("batcher"))
                                    .map(tag -> " " + tag.getKey() + "=" + tag.getValue())
                                    .collect(Collectors.joining()))
                    .containsExactlyInAnyOrder(
                            "batcher.batch.size",
                            "batcher.batch.duration outcome=success",
                            "batcher.batch.duration outcome=partial",
                            "batcher.batch.duration outcome=failure",
                            "batcher.batch.duration outcome=aborted",
                            "batcher.item.latency outcome=success",
                            "batcher.item.latency outcome=failure",
                            "batcher.item.latency outcome=cancelled",
                            "batcher.item.latency outcome=expired",
                            "batcher.item.latency outcome=aborted",
                            "batcher.queue.time",
                            "batcher.dispatches reason=full",
                            "batcher.dispatches reason=weight",
                            "batcher.dispatches reason=linger",
                            "batcher.dispatches reason=idle",
                            "batcher.dispatches reason=flush",
                            "batcher.dispatches reason=stop",
                            "batcher.rejected reason=full",
                            "batcher.rejected reason=too-heavy",
                            "batcher.rejected reason=stopped",
                            "batcher.rejected reason=shed",
                            "batcher.queued",
                            "batcher.in.flight",
                            "batcher.batches.active",
                            "batcher.batches.abandoned",
                            "batcher.retries",
                            "batcher.deduplicated",
                            "batcher.halvings",
                            "batcher.rate.limit.time",
                            "batcher.paused",
                            "batcher.max.queue.size",
                            "batcher.concurrency");
        }
    }

    @Test
    void bindingTwiceCountsOnce() {
        try (AsyncBatcher<Integer, Integer> prices = AsyncBatcher.<Integer, Integer>builder(List::copyOf)
                .name("prices")
                .maxBatchSize(1)
                .build()) {
            BatcherMetrics metrics = new BatcherMetrics(prices);
            metrics.bindTo(registry);
            metrics.bindTo(registry);
            assertThat(prices.process(1)).succeedsWithin(LONG);
        }
        assertThat(count("batcher.item.latency")).isEqualTo(1);
    }

    @Test
    void closingRemovesTheMetersAndLeavesTheBatcherAlone() {
        try (AsyncBatcher<Integer, Integer> prices = AsyncBatcher.<Integer, Integer>builder(List::copyOf)
                .maxBatchSize(1)
                .build()) {
            BatcherMetrics metrics = new BatcherMetrics(prices);
            metrics.bindTo(registry);
            metrics.close();
            assertThat(registry.getMeters()).isEmpty();
            assertThat(prices.process(1)).succeedsWithin(LONG);
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    private double gauge(String meter) {
        return registry.get(meter).tag("batcher", "prices").gauge().value();
    }

    @Test
    void batchersOfOneNameShareTheirMetersUntilTheLastIsClosed() {
        AsyncBatcher<Integer, Integer> one = AsyncBatcher.<Integer, Integer>builder(List::copyOf)
                .name("prices")
                .maxBatchSize(1)
                .build();
        AsyncBatcher<Integer, Integer> other = AsyncBatcher.<Integer, Integer>builder(List::copyOf)
                .name("prices")
                .maxQueueSize(50)
                .maxBatchSize(1)
                .build();
        BatcherMetrics ofOne = new BatcherMetrics(one);
        BatcherMetrics ofOther = new BatcherMetrics(other);
        ofOne.bindTo(registry);
        ofOther.bindTo(registry);
        one.pause();
        other.pause();
        one.process(1);
        other.process(2);
        assertThat(gauge("batcher.queued")).isEqualTo(2);
        assertThat(gauge("batcher.paused")).isEqualTo(2);
        assertThat(gauge("batcher.max.queue.size")).isEqualTo(10_050);

        one.close();
        ofOne.close();
        assertThat(gauge("batcher.queued")).isEqualTo(1);
        assertThat(gauge("batcher.max.queue.size")).isEqualTo(50);
        other.resume();
        assertThat(other.process(3)).succeedsWithin(LONG);
        assertThat(count("batcher.item.latency", "outcome", "success")).isEqualTo(3);

        other.close();
        ofOther.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aBatcherThatIsMadeAnewIsShownThoughNobodyClosedTheMetersOfTheOld() {
        AsyncBatcher<Integer, Integer> old = measured(List::copyOf);
        old.close();
        AsyncBatcher<Integer, Integer> anew = measured(List::copyOf);
        anew.pause();
        anew.process(1);

        assertThat(gauge("batcher.queued")).isEqualTo(1);
        assertThat(gauge("batcher.max.queue.size")).isEqualTo(3);
        assertThat(gauge("batcher.paused")).isEqualTo(1);
        anew.close();
    }

    @Test
    void whatAForgottenBatcherLeftInTheRegistryIsReplaced() {
        Gauge.builder("batcher.queued", () -> 99).tag("batcher", "prices").register(registry);
        try (AsyncBatcher<Integer, Integer> prices = measured(List::copyOf)) {
            assertThat(gauge("batcher.queued")).isEqualTo(prices.snapshot().queued());
        }
    }

    @Test
    void twoInstancesForOneBatcherCountOnce() {
        AsyncBatcher<Integer, Integer> prices = measured(List::copyOf);
        BatcherMetrics second = new BatcherMetrics(prices);
        second.bindTo(registry);
        assertThat(prices.processAll(List.of(1, 2))).succeedsWithin(LONG);
        assertThat(count("batcher.item.latency")).isEqualTo(2);

        second.close();
        assertThat(prices.processAll(List.of(1, 2))).succeedsWithin(LONG);
        assertThat(count("batcher.item.latency")).isEqualTo(4);
        prices.close();
    }

    @Test
    void registriesDontShareTheirMeters() {
        SimpleMeterRegistry another = new SimpleMeterRegistry();
        try (AsyncBatcher<Integer, Integer> prices = measured(List::copyOf)) {
            BatcherMetrics metrics = new BatcherMetrics(prices);
            metrics.bindTo(another);
            metrics.close();
            assertThat(another.getMeters()).isEmpty();
            assertThat(gauge("batcher.queued")).isZero();
        }
    }
}
