package io.asyncbatcher.spring.boot.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.TestTimes;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Percentiles, histograms and objectives come from Spring Boot's own properties; without them there are none. */
class MeterDistributionTests {

    private static final String DISTRIBUTION = "management.metrics.distribution.";

    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withUserConfiguration(Application.class)
            .withPropertyValues("batcher.max-queue-time=0", "management.prometheus.metrics.export.enabled=true");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    private static String scraped(ApplicationContext context) {
        @SuppressWarnings("unchecked")
        BatcherClient<Long, String> texts = context.getBean("textsBatcherClient", BatcherClient.class);
        assertThat(texts.process(1L)).succeedsWithin(TestTimes.LONG);
        return context.getBean(PrometheusMeterRegistry.class).scrape();
    }

    @Test
    void unaskedThereAreNone() {
        boot.run(context -> assertThat(scraped(context))
                .contains("batcher_item_latency_seconds_count{")
                .doesNotContainPattern("batcher_\\w+_bucket\\{")
                .doesNotContainPattern("batcher_\\w+\\{.*quantile="));
    }

    @Test
    void aHistogram() {
        boot.withPropertyValues(DISTRIBUTION + "percentiles-histogram.batcher.item.latency=true")
                .run(context -> assertThat(scraped(context))
                        .contains(
                                "batcher_item_latency_seconds_bucket{batcher=\"texts\",outcome=\"success\",le=\"+Inf\"} 1")
                        .doesNotContain("batcher_queue_time_seconds_bucket"));
    }

    @Test
    void aHistogramOfEveryTimerAndSummaryOfABatcher() {
        boot.withPropertyValues(DISTRIBUTION + "percentiles-histogram.batcher=true")
                .run(context -> assertThat(scraped(context))
                        .contains(
                                "batcher_item_latency_seconds_bucket{",
                                "batcher_queue_time_seconds_bucket{",
                                "batcher_batch_duration_seconds_bucket{",
                                "batcher_batch_size_bucket{"));
    }

    @Test
    void percentiles() {
        boot.withPropertyValues(DISTRIBUTION + "percentiles.batcher.queue.time=0.5,0.99")
                .run(context -> assertThat(scraped(context))
                        .contains(
                                "batcher_queue_time_seconds{batcher=\"texts\",quantile=\"0.5\"}",
                                "batcher_queue_time_seconds{batcher=\"texts\",quantile=\"0.99\"}"));
    }

    @Test
    void objectives() {
        boot.withPropertyValues(
                        DISTRIBUTION + "slo.batcher.batch.size=10,100",
                        DISTRIBUTION + "slo.batcher.item.latency=50ms,200ms")
                .run(
                        context -> assertThat(scraped(context))
                                .contains(
                                        "batcher_batch_size_bucket{batcher=\"texts\",le=\"10.0\"} 1",
                                        "batcher_item_latency_seconds_bucket{batcher=\"texts\",outcome=\"success\",le=\"0.05\"}"));
    }

    @Test
    void aMeterCanBeSwitchedOff() {
        boot.withPropertyValues("management.metrics.enable.batcher.queue.time=false")
                .run(context -> assertThat(scraped(context))
                        .contains("batcher_item_latency_seconds_count{")
                        .doesNotContain("batcher_queue_time"));
    }
}
