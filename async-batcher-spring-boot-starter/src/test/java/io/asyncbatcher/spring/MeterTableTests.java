package io.asyncbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Each meter with each value of its tag, on a clock that stands still: what it counts, in which unit, and under which name
 * Prometheus has it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what counts is what was counted
class MeterTableTests {

    private static final Duration LINGER = Duration.ofMillis(10);

    private final VirtualTime time = new VirtualTime();
    private final HandRunExecutor executor = new HandRunExecutor();
    private final SimpleMeterRegistry simple = new SimpleMeterRegistry(SimpleConfig.DEFAULT, new MockClock());
    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private AsyncBatcher<Integer, Integer> measured(AsyncBatcher.Builder<Integer, Integer> builder) {
        AsyncBatcher<Integer, Integer> batcher = builder.name("prices")
                .maxQueueTime(LINGER)
                .time(time)
                .executor(executor)
                .build();
        BatcherMetrics metrics = new BatcherMetrics(batcher);
        metrics.bindTo(simple);
        metrics.bindTo(prometheus);
        return batcher;
    }

    private AsyncBatcher.Builder<Integer, Integer> taking(Duration duration) {
        return AsyncBatcher.builder(batch -> {
            time.advance(duration);
            return batch;
        });
    }

    /** A sample as Prometheus scrapes it: the metric's name, and its tag besides the batcher's. */
    private double scraped(String name, String... tag) {
        String labels = tag.length == 0 ? "" : "," + tag[0] + "=\"" + tag[1] + "\"";
        String sample = name + "{batcher=\"prices\"" + labels + "} ";
        return prometheus
                .scrape()
                .lines()
                .filter(line -> line.startsWith(sample))
                .mapToDouble(line -> number(line.substring(sample.length())))
                .reduce((one, other) -> {
                    throw new AssertionError("Twice: " + sample);
                })
                .orElseThrow(() -> new AssertionError("No " + sample + " in\n" + prometheus.scrape()));
    }

    private static double number(String text) {
        return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }

    private void assertDispatched(String reason) {
        executor.runAll();
        for (String each : List.of("full", "weight", "linger", "idle", "flush", "stop")) {
            double expected = each.equals(reason) ? 1 : 0;
            assertThat(simple.get("batcher.dispatches")
                            .tags("batcher", "prices", "reason", each)
                            .counter()
                            .count())
                    .as(each)
                    .isEqualTo(expected);
            assertThat(scraped("batcher_dispatches_total", "reason", each)).isEqualTo(expected);
        }
    }

    private void assertItem(String outcome, Duration latency) {
        assertTimed("batcher.item.latency", "batcher_item_latency_seconds", outcome, latency);
    }

    private void assertBatch(String outcome, Duration duration) {
        assertTimed("batcher.batch.duration", "batcher_batch_duration_seconds", outcome, duration);
    }

    private void assertTimed(String meter, String metric, String outcome, Duration total) {
        double millis = total.toNanos() / 1e6;
        assertThat(simple.get(meter)
                        .tags("batcher", "prices", "outcome", outcome)
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(millis);
        assertThat(scraped(metric + "_count", "outcome", outcome)).isEqualTo(1);
        assertThat(scraped(metric + "_sum", "outcome", outcome)).isEqualTo(millis / 1000);
        assertThat(scraped(metric + "_max", "outcome", outcome)).isEqualTo(millis / 1000);
    }

    // ---- batcher.dispatches ----

    @Test
    void aFullBatch() {
        measured(taking(Duration.ZERO).maxBatchSize(1)).process(1);
        assertDispatched("full");
    }

    @Test
    void aBatchOfFullWeight() {
        measured(taking(Duration.ZERO).maxBatchWeight(5, item -> item)).process(5);
        assertDispatched("weight");
    }

    @Test
    void aBatchThatHasLingered() {
        measured(taking(Duration.ZERO)).process(1);
        time.advance(LINGER);
        assertDispatched("linger");
    }

    @Test
    void aBatchThatGoesAtOnceInNaturalMode() {
        measured(taking(Duration.ZERO).dispatch(DispatchMode.NATURAL)).process(1);
        assertDispatched("idle");
    }

    @Test
    void aBatchThatGoesAtOnceInAdaptiveMode() {
        measured(taking(Duration.ZERO).dispatch(DispatchMode.ADAPTIVE)).process(1);
        assertDispatched("idle");
    }

    @Test
    void aBatchThatWasFlushed() {
        AsyncBatcher<Integer, Integer> prices = measured(taking(Duration.ZERO));
        prices.process(1);
        prices.flush();
        assertDispatched("flush");
    }

    @Test
    void aBatchThatAStopLetGo() {
        AsyncBatcher<Integer, Integer> prices = measured(taking(Duration.ZERO));
        prices.process(1);
        prices.stop(false);
        assertDispatched("stop");
    }

    // ---- batcher.batch.size, batcher.queue.time ----

    @Test
    void sizesAreItemsAndTimesInTheQueueAreOfEachItem() {
        AsyncBatcher<Integer, Integer> prices = measured(taking(Duration.ZERO).maxBatchSize(3));
        prices.process(1);
        time.advance(Duration.ofMillis(4));
        prices.process(2);
        prices.process(3);
        executor.runAll();

        assertThat(simple.get("batcher.batch.size")
                        .tag("batcher", "prices")
                        .summary()
                        .totalAmount())
                .isEqualTo(3);
        assertThat(scraped("batcher_batch_size_count")).isEqualTo(1);
        assertThat(scraped("batcher_batch_size_sum")).isEqualTo(3);
        assertThat(scraped("batcher_batch_size_max")).isEqualTo(3);
        assertThat(simple.get("batcher.queue.time")
                        .tag("batcher", "prices")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(4);
        assertThat(scraped("batcher_queue_time_seconds_count")).isEqualTo(3);
        assertThat(scraped("batcher_queue_time_seconds_sum")).isEqualTo(0.004);
        assertThat(scraped("batcher_queue_time_seconds_max")).isEqualTo(0.004);
    }

    // ---- batcher.batch.duration, batcher.item.latency ----

    @Test
    void aSuccess() {
        measured(taking(Duration.ofMillis(5))).process(1);
        time.advance(LINGER);
        executor.runAll();
        assertBatch("success", Duration.ofMillis(5));
        assertItem("success", Duration.ofMillis(15));
    }

    @Test
    void aFailure() {
        AsyncBatcher<Integer, Integer> prices = measured(AsyncBatcher.<Integer, Integer>builder(batch -> {
                    time.advance(Duration.ofMillis(5));
                    throw new IllegalStateException("down");
                })
                .maxBatchSize(1));
        prices.process(1);
        executor.runAll();
        assertBatch("failure", Duration.ofMillis(5));
        assertItem("failure", Duration.ofMillis(5));
    }

    @Test
    void aFailureInPart() {
        AsyncBatcher<Integer, Integer> prices =
                measured(AsyncBatcher.builder(BatchProcessor.<Integer, Integer>withOutcomes(batch -> {
                            time.advance(Duration.ofMillis(5));
                            return List.of(Outcome.success(1), Outcome.failure(new IllegalStateException("down")));
                        }))
                        .maxBatchSize(2));
        prices.process(1);
        prices.process(2);
        executor.runAll();
        assertBatch("partial", Duration.ofMillis(5));
        assertItem("success", Duration.ofMillis(5));
        assertItem("failure", Duration.ofMillis(5));
    }

    @Test
    void anAbortedBatch() {
        AsyncBatcher<Integer, Integer> prices =
                measured(AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> new CompletableFuture<>())
                        .maxBatchSize(1)
                        .batchTimeout(Duration.ofMillis(30)));
        prices.process(1);
        executor.runAll();
        assertThat(scraped("batcher_batches_abandoned")).isZero();
        time.advance(Duration.ofMillis(30));
        assertBatch("aborted", Duration.ofMillis(30));
        assertItem("aborted", Duration.ofMillis(30));
        assertThat(scraped("batcher_batches_abandoned")).isEqualTo(1);
        assertThat(scraped("batcher_batches_active")).isZero();
        assertThat(simple.get("batcher.batches.abandoned").gauge().value()).isEqualTo(1);
    }

    @Test
    void aCancelledItem() {
        CompletableFuture<Integer> item = measured(taking(Duration.ZERO)).process(1);
        time.advance(Duration.ofMillis(3));
        item.cancel(false);
        assertItem("cancelled", Duration.ofMillis(3));
    }

    @Test
    void anExpiredItem() {
        measured(taking(Duration.ZERO)).process(1, Duration.ofMillis(3));
        time.advance(Duration.ofMillis(3));
        assertItem("expired", Duration.ofMillis(3));
    }

    // ---- batcher.rejected ----

    @Test
    void refusedItems() {
        AsyncBatcher<Integer, Integer> prices =
                measured(taking(Duration.ZERO).maxQueueSize(1).maxBatchWeight(5, item -> item));
        prices.process(6);
        prices.pause();
        prices.process(1);
        prices.process(2);
        prices.process(3);
        prices.stop(true);
        prices.process(1);
        prices.process(1);
        prices.process(1);

        assertRejected("too-heavy", 1);
        assertRejected("full", 2);
        assertRejected("stopped", 3);
    }

    @Test
    void shedItems() {
        AsyncBatcher<Integer, Integer> prices =
                measured(taking(Duration.ofMillis(10)).maxBatchSize(1).shedLoad(true));
        for (int i = 0; i < 3; i++) {
            prices.process(i);
            executor.runAll();
        }
        prices.process(3);
        prices.process(4, Duration.ofMillis(5));

        assertRejected("shed", 1);
    }

    private void assertRejected(String reason, int count) {
        assertThat(simple.get("batcher.rejected")
                        .tags("batcher", "prices", "reason", reason)
                        .counter()
                        .count())
                .isEqualTo(count);
        assertThat(scraped("batcher_rejected_total", "reason", reason)).isEqualTo(count);
    }

    // ---- batcher.retries, batcher.deduplicated, batcher.halvings, batcher.rate.limit.time ----

    private void assertCounted(String meter, String metric, int count) {
        assertThat(simple.get(meter).tag("batcher", "prices").counter().count()).isEqualTo(count);
        assertThat(scraped(metric)).isEqualTo(count);
    }

    @Test
    void itemsThatAreTriedAgain() {
        AsyncBatcher<Integer, Integer> prices =
                measured(AsyncBatcher.builder(BatchProcessor.<Integer, Integer>withOutcomes(batch -> batch.stream()
                                .map(item -> Outcome.<Integer>retry(new IllegalStateException(), LINGER))
                                .toList()))
                        .maxBatchSize(2));
        prices.process(1);
        prices.process(2);
        executor.runAll();
        assertCounted("batcher.retries", "batcher_retries_total", 2);
    }

    @Test
    void equalItems() {
        AsyncBatcher<Integer, Integer> prices =
                measured(taking(Duration.ZERO).maxBatchSize(3).deduplicate());
        prices.process(1);
        prices.process(1);
        prices.process(1);
        executor.runAll();
        assertCounted("batcher.deduplicated", "batcher_deduplicated_total", 2);
    }

    @Test
    void aBatchThatIsHalved() {
        AsyncBatcher<Integer, Integer> prices = measured(AsyncBatcher.<Integer, Integer>builder(batch -> {
                    throw new IllegalStateException("down");
                })
                .maxBatchSize(4)
                .isolateFailures(failure -> true));
        for (int item = 0; item < 4; item++) {
            prices.process(item);
        }
        executor.runAll();
        assertCounted("batcher.halvings", "batcher_halvings_total", 3);
    }

    @Test
    void itemsThatARateLimitHoldsBack() {
        AsyncBatcher<Integer, Integer> prices =
                measured(taking(Duration.ZERO).maxBatchSize(1).rateLimit(1, Duration.ofMillis(20)));
        prices.process(1);
        executor.runAll();
        prices.process(2);
        time.advance(Duration.ofMillis(20));
        executor.runAll();
        assertThat(simple.get("batcher.rate.limit.time")
                        .tag("batcher", "prices")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(20);
        assertThat(scraped("batcher_rate_limit_time_seconds_count")).isEqualTo(1);
        assertThat(scraped("batcher_rate_limit_time_seconds_sum")).isEqualTo(0.02);
    }

    // ---- gauges ----

    @Test
    void limitsFollowTheOptionsAndNoLimitIsInfinite() {
        AsyncBatcher<Integer, Integer> prices =
                measured(taking(Duration.ZERO).maxQueueSize(7).concurrency(3));
        assertThat(scraped("batcher_max_queue_size")).isEqualTo(7);
        assertThat(scraped("batcher_concurrency")).isEqualTo(3);

        prices.reconfigure(options -> options.withMaxQueueSize(8).withConcurrency(-1));
        assertThat(scraped("batcher_max_queue_size")).isEqualTo(8);
        assertThat(scraped("batcher_concurrency")).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void aPause() {
        AsyncBatcher<Integer, Integer> prices = measured(taking(Duration.ZERO));
        assertThat(scraped("batcher_paused")).isZero();
        prices.pause();
        assertThat(scraped("batcher_paused")).isEqualTo(1);
    }

    @Test
    void whatIsQueuedAndInFlight() {
        AsyncBatcher<Integer, Integer> prices =
                measured(AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> new CompletableFuture<>())
                        .maxBatchSize(2));
        for (int item = 0; item < 5; item++) {
            prices.process(item);
        }
        executor.runAll();
        assertThat(simple.get("batcher.queued").tag("batcher", "prices").gauge().value())
                .isEqualTo(3);
        assertThat(simple.get("batcher.in.flight")
                        .tag("batcher", "prices")
                        .gauge()
                        .value())
                .isEqualTo(2);
        assertThat(scraped("batcher_queued")).isEqualTo(3);
        assertThat(scraped("batcher_in_flight")).isEqualTo(2);
        assertThat(scraped("batcher_batches_active")).isEqualTo(1);
    }

    // ---- the whole table ----

    @Test
    void prometheusKnowsTheseMetricsAndNoOthers() {
        measured(taking(Duration.ZERO));
        assertThat(new TreeSet<>(Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$")
                        .matcher(prometheus.scrape())
                        .results()
                        .map(type -> type.group(1) + " " + type.group(2))
                        .toList()))
                .containsExactly(
                        "batcher_batch_duration_seconds summary",
                        "batcher_batch_duration_seconds_max gauge",
                        "batcher_batch_size summary",
                        "batcher_batch_size_max gauge",
                        "batcher_batches_abandoned gauge",
                        "batcher_batches_active gauge",
                        "batcher_concurrency gauge",
                        "batcher_deduplicated_total counter",
                        "batcher_dispatches_total counter",
                        "batcher_halvings_total counter",
                        "batcher_in_flight gauge",
                        "batcher_item_latency_seconds summary",
                        "batcher_item_latency_seconds_max gauge",
                        "batcher_max_queue_size gauge",
                        "batcher_paused gauge",
                        "batcher_queue_time_seconds summary",
                        "batcher_queue_time_seconds_max gauge",
                        "batcher_queued gauge",
                        "batcher_rate_limit_time_seconds summary",
                        "batcher_rate_limit_time_seconds_max gauge",
                        "batcher_rejected_total counter",
                        "batcher_retries_total counter");
    }
}
