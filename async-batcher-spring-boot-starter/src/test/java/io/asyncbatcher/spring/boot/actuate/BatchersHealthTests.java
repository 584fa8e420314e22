package io.asyncbatcher.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.lifecycle.Attachments;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.spring.boot.settings.BatcherProperties;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.test.json.JsonContent;

class BatchersHealthTests {

    private final VirtualTime time = new VirtualTime();
    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
    private final Batchers batchers = new Batchers(beans);
    private final Attachments<BatchRecord> records =
            Attachments.ofListeners(batchers, batcher -> new BatchRecord(() -> Instant.EPOCH, time::nanoTime));
    private final BatcherProperties.Health properties = new BatcherProperties.Health();

    /** What the processor of the last batch answers. */
    private CompletableFuture<List<Long>> answer = new CompletableFuture<>();

    private BatchersHealth health() {
        batchers.watch(records);
        return new BatchersHealth(batchers, records, properties, time::nanoTime);
    }

    private AsyncBatcher<Long, Long> added(AsyncBatcher.Builder<Long, Long> builder) {
        AsyncBatcher<Long, Long> batcher = builder.build();
        beans.registerSingleton(batcher.name(), batcher);
        batchers.postProcessAfterInitialization(batcher, batcher.name());
        return batcher;
    }

    private AsyncBatcher.Builder<Long, Long> builder(String name) {
        return AsyncBatcher.<Long, Long>asyncBuilder(batch -> answer)
                .name(name)
                .maxQueueTime(Duration.ZERO)
                .time(time)
                .executor(Runnable::run);
    }

    private static void isUp(BatchersHealth health) {
        assertThat(health.report()).isEqualTo(new BatchersHealth.Report("UP", Map.of()));
    }

    private static void isUpAndPaused(BatchersHealth health, String batcher) {
        assertThat(health.report()).isEqualTo(new BatchersHealth.Report("UP", Map.of(batcher, Map.of("paused", true))));
    }

    private static void isDown(BatchersHealth health, String batcher, Map<String, Object> trouble) {
        assertThat(health.report()).isEqualTo(new BatchersHealth.Report("DOWN", Map.of(batcher, trouble)));
    }

    @Test
    void aBatchThatRunsForTooLongIsStuck() {
        BatchersHealth health = health();
        AsyncBatcher<Long, Long> slow = added(builder("slow"));
        added(builder("idle"));
        isUp(health);

        slow.process(1L);
        time.advance(Duration.ofMinutes(5));
        isUp(health);

        time.advance(Duration.ofNanos(1));
        isDown(health, "slow", Map.of("stuckBatches", 1L));

        answer.complete(List.of(1L));
        isUp(health);
    }

    @Test
    void howLongIsTooLongCanBeSaid() {
        properties.setStuckAfter(Duration.ofSeconds(1));
        BatchersHealth health = health();
        added(builder("slow").concurrency(2)).processAll(List.of(1L, 2L));
        time.advance(Duration.ofSeconds(2));

        isDown(health, "slow", Map.of("stuckBatches", 2L));
    }

    @Test
    void aBatchThatWasGivenUpIsStuckUntilItsProcessorReturns() {
        BatchersHealth health = health();
        added(builder("slow").batchTimeout(Duration.ofSeconds(1))).process(1L);
        time.advance(Duration.ofSeconds(1));
        isUp(health);
        time.advance(Duration.ofMinutes(5));
        isUp(health);

        time.advance(Duration.ofNanos(1));
        isDown(health, "slow", Map.of("abandonedBatches", 1));

        answer.complete(List.of(1L));
        isUp(health);
    }

    @Test
    void aQueueThatIsFullAtEveryCheckForTooLongIsUnhealthy() {
        BatchersHealth health = health();
        AsyncBatcher<Long, Long> full = added(builder("full").maxQueueSize(2));
        full.pause();
        full.processAll(List.of(1L, 2L));
        isUpAndPaused(health, "full");

        time.advance(Duration.ofMinutes(1));
        isUpAndPaused(health, "full");

        time.advance(Duration.ofNanos(1));
        isDown(health, "full", Map.of("queued", 2, "paused", true));
    }

    @Test
    void aQueueThatWasNotFullInBetweenBeginsAnew() {
        answer.complete(List.of(1L, 2L));
        BatchersHealth health = health();
        AsyncBatcher<Long, Long> full = added(builder("full").maxQueueSize(2));
        full.pause();
        full.processAll(List.of(1L, 2L));
        isUpAndPaused(health, "full");
        time.advance(Duration.ofSeconds(59));
        full.resume();
        isUp(health);
        full.pause();
        full.processAll(List.of(1L, 2L));
        isUpAndPaused(health, "full");

        time.advance(Duration.ofSeconds(59));
        isUpAndPaused(health, "full");
    }

    @Test
    void aQueueWithoutLimitIsNeverFull() {
        properties.setFullAfter(Duration.ofNanos(1));
        BatchersHealth health = health();
        AsyncBatcher<Long, Long> unlimited = added(builder("unlimited").maxQueueSize(-1));
        unlimited.pause();
        unlimited.processAll(List.of(1L, 2L));
        isUpAndPaused(health, "unlimited");
        time.advance(Duration.ofHours(1));

        isUpAndPaused(health, "unlimited");
    }

    @Test
    void aPausedOneIsShownButNotUnhealthy() {
        BatchersHealth health = health();
        AsyncBatcher<Long, Long> slow = added(builder("slow"));
        slow.process(1L);
        slow.pause();
        assertThat(health.report()).isEqualTo(new BatchersHealth.Report("UP", Map.of("slow", Map.of("paused", true))));

        time.advance(Duration.ofMinutes(6));
        isDown(health, "slow", Map.of("stuckBatches", 1L, "paused", true));

        answer.complete(List.of(1L));
        slow.resume();
        isUp(health);
    }

    @Test
    void theStatusCanBeChosen() {
        properties.setStatus("OUT_OF_SERVICE");
        properties.setStuckAfter(Duration.ofNanos(1));
        BatchersHealth health = health();
        added(builder("slow")).process(1L);
        time.advanceMillis(1);

        assertThat(health.report().status()).isEqualTo("OUT_OF_SERVICE");
    }

    @Test
    void aTimeOfZeroIsRefused() {
        properties.setFullAfter(Duration.ZERO);
        assertThatExceptionOfType(BatcherConfigurationException.class)
                .isThrownBy(this::health)
                .withMessage(
                        "The value of 'batcher.health.full-after' is not allowed: it must be longer than zero, but is"
                                + " PT0S. Change 'batcher.health.full-after'.");
    }

    // ---- in a context ----

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class));

    @Test
    void healthOfAllBatchersIsThere() {
        runner.run(context -> assertThat(context.getBean("batchersHealthIndicator", HealthIndicator.class)
                        .health()
                        .getStatus())
                .isEqualTo(Status.UP));
    }

    @Test
    void itIsSwitchedOffLikeAnyOther() {
        runner.withPropertyValues("management.health.batchers.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
        runner.withPropertyValues("management.health.defaults.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
        runner.withPropertyValues("management.health.defaults.enabled=false", "management.health.batchers.enabled=true")
                .run(context -> assertThat(context).hasSingleBean(HealthIndicator.class));
    }

    @Test
    void theSwitchesTakeEveryWordThatAPropertyMayHave() {
        for (String off : List.of("off", "no", "0", "FALSE")) {
            runner.withPropertyValues("management.health.defaults.enabled=" + off)
                    .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthIndicator.class));
        }
        for (String on : List.of("on", "yes", "1", "")) {
            runner.withPropertyValues("management.health.batchers.enabled=" + on)
                    .run(context -> assertThat(context).hasNotFailed().hasSingleBean(HealthIndicator.class));
        }
    }

    @Test
    void anIndicatorOfTheApplicationReplacesIt() {
        runner.withBean("batchersHealthContributor", HealthIndicator.class, () -> () -> null)
                .run(context -> assertThat(context).doesNotHaveBean(BatchersHealthIndicator.class));
    }

    @Test
    void withoutActuatorThereIsNone() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void withoutBootsHealthThereIsNone() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .withPropertyValues("management.endpoints.web.exposure.include=batchers")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(BatchersEndpoint.class)
                        .doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void whereNobodyCanSeeItNothingIsRecorded() {
        runner.withPropertyValues("management.health.batchers.enabled=false").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getSourceApplicationContext().getBeanFactory().containsSingleton("asyncBatcherRecords"))
                    .isFalse();
        });
    }

    @Test
    void aWrongPropertyStopsTheStart() {
        runner.withPropertyValues("batcher.health.stuck-after=-1s")
                .run(context ->
                        assertThat(context).getFailure().hasRootCauseInstanceOf(BatcherConfigurationException.class));
    }

    @Test
    void itIsAPartOfTheApplicationsHealth() throws InterruptedException {
        try (EndpointApplication application = EndpointApplication.run("--batcher.health.stuck-after=1ns")) {
            assertThat(new JsonContent(application.get("/actuator/health").body()))
                    .extractingPath("$.components.batchers.status")
                    .isEqualTo("UP");

            application.texts().processAll(List.of(EndpointApplication.Texts.HANGS, 1L));
            application.target().hanging.await();

            assertThat(application.get("/actuator/health").statusCode()).isEqualTo(503);
            assertThat(new JsonContent(
                            application.get("/actuator/health/batchers").body()))
                    .isStrictlyEqualTo("""
                            {"status": "DOWN", "details": {"texts": {"stuckBatches": 1}}}
                            """);
        }
    }

    @Test
    void itIsNoPartOfLivenessAndReadiness() throws InterruptedException {
        try (EndpointApplication application = EndpointApplication.run(
                "--batcher.health.stuck-after=1ns", "--management.endpoint.health.probes.enabled=true")) {
            application.texts().processAll(List.of(EndpointApplication.Texts.HANGS, 1L));
            application.target().hanging.await();

            assertThat(application.get("/actuator/health").statusCode()).isEqualTo(503);
            assertThat(application.get("/actuator/health/liveness").statusCode())
                    .isEqualTo(200);
            assertThat(application.get("/actuator/health/readiness").statusCode())
                    .isEqualTo(200);
        }
    }
}
