package io.asyncbatcher.spring.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.spring.BatcherCustomizer;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.actuate.ShownBatchers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** What properties do to a batcher that the application builds. */
@ExtendWith(OutputCaptureExtension.class)
class DeclaredSettingsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("management.endpoints.web.exposure.include=batchers")
            .withBean("own", AsyncBatcher.class, DeclaredSettingsTests::built);

    private static AsyncBatcher<?, ?> built() {
        return AsyncBatcher.<Long, Long>builder(List::copyOf)
                .name("ownPrices")
                .maxBatchSize(3)
                .concurrency(2)
                .build();
    }

    private static BatcherOptions options(ApplicationContext context) {
        return context.getBean("own", AsyncBatcher.class).options();
    }

    @ParameterizedTest
    @ValueSource(strings = {"own-prices", "ownPrices", "OWNPRICES"})
    void itsOwnPropertiesArePutOverWhatItsBuilderSet(String name) {
        runner.withPropertyValues(
                        "batcher.instances." + name + ".max-batch-size=7",
                        "batcher.instances." + name + ".batch-timeout=5s")
                .run(context -> assertThat(options(context))
                        .isEqualTo(built().options().withMaxBatchSize(7).withBatchTimeout(Duration.ofSeconds(5))));
    }

    @Test
    void thePropertiesOfAllAndCustomizersLeaveItAlone() {
        runner.withPropertyValues("batcher.max-batch-size=9", "batcher.synchronous=true")
                .withBean(BatcherCustomizer.class, () -> (name, builder) -> builder.concurrency(9))
                .run(context -> assertThat(options(context)).isEqualTo(built().options()));
    }

    @Test
    void aUserOfItDuringTheStartSeesThemAlready() {
        runner.withPropertyValues("batcher.instances.own-prices.max-batch-size=7")
                .withBean(EarlyUser.class)
                .run(context -> assertThat(context.getBean(EarlyUser.class).maxBatchSize)
                        .isEqualTo(7));
    }

    static class EarlyUser {
        private final int maxBatchSize;

        EarlyUser(AsyncBatcher<?, ?> own) {
            maxBatchSize = own.options().maxBatchSize();
        }
    }

    @Test
    void theEndpointShowsWhereItsOptionsAreFrom() {
        runner.withPropertyValues("batcher.instances.own-prices.max-batch-size=7")
                .run(context -> assertThat(
                                ShownBatchers.of(context, "ownPrices").origins())
                        .containsEntry(
                                "maxBatchSize",
                                "'batcher.instances.ownprices.max-batch-size' (from"
                                        + " \"batcher.instances.own-prices.max-batch-size\" from property"
                                        + " source \"test\")")
                        .containsEntry("concurrency", "code"));
    }

    private static void change(ApplicationContext context, String property, Object value) {
        ((ConfigurableEnvironment) context.getEnvironment())
                .getPropertySources()
                .addFirst(new MapPropertySource("changed", Map.of(property, value)));
        context.getBean(ConfiguredBatchers.class).live().forEach(LiveSettings::refresh);
    }

    @Test
    void aChangedPropertyChangesIt() {
        runner.run(context -> {
            change(context, "batcher.instances.own-prices.max-batch-size", 7);
            assertThat(options(context)).isEqualTo(built().options().withMaxBatchSize(7));

            context.getEnvironment().getPropertySources().remove("changed");
            context.getBean(ConfiguredBatchers.class).live().forEach(LiveSettings::refresh);
            assertThat(options(context)).isEqualTo(built().options());
        });
    }

    @Test
    void aBadValueStopsTheStart() {
        runner.withPropertyValues("batcher.instances.own-prices.max-batch-size=0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasRootCauseInstanceOf(IllegalArgumentException.class)
                        .hasStackTraceContaining("The value of 'batcher.instances.ownprices.max-batch-size'")
                        .hasStackTraceContaining(
                                "is not allowed: maxBatchSize of batcher 'ownPrices' must be at least"));
    }

    @Test
    void aWeightWithoutAWeigherStopsTheStart() {
        runner.withPropertyValues("batcher.instances.own-prices.max-batch-weight=5")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("takes a weigher, and batcher 'ownPrices' has none. Give it one by"
                                + " Builder.maxBatchWeight, or remove 'batcher.instances.ownprices.max-batch-weight'"));
    }

    @Test
    void aBeanCannotBePutIntoWhatIsBuilt() {
        runner.withPropertyValues("batcher.instances.own-prices.executor=pool")
                .withBean("pool", Executor.class, () -> Runnable::run)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining(
                                "names a bean for the batcher 'ownPrices', which the application builds"
                                        + " by itself: only options that are plain values can be set for it. Remove"));
    }

    @Test
    void itsPropertiesAreNotWarnedOf(CapturedOutput output) {
        runner.withPropertyValues(
                        "batcher.instances.own-prices.max-batch-size=7", "batcher.instances.others.max-batch-size=7")
                .run(context -> assertThat(output)
                        .doesNotContain("batcher.instances.own")
                        .contains("There are properties 'batcher.instances.others.*', but no batcher of this name yet."
                                + " There are: ownPrices."));
    }

    @Test
    void aLazyOneTakesThemWhenItIsMade() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
                .withBean(
                        "own",
                        AsyncBatcher.class,
                        DeclaredSettingsTests::built,
                        definition -> definition.setLazyInit(true))
                .withPropertyValues("batcher.instances.own-prices.max-batch-size=0")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .satisfies(running -> assertThat(catchThrowable(() -> running.getBean("own")))
                                .hasStackTraceContaining("is not allowed: maxBatchSize")));
    }
}
