package io.asyncbatcher.spring.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatcherCustomizer;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.environment.EnvironmentManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** What a change of the environment that Spring Cloud tells of does to living batchers. */
@ExtendWith(OutputCaptureExtension.class)
class SettingsRefreshTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            // Spring Cloud's comes first, so that ours has to say that it must be earlier.
            .withUserConfiguration(Cloud.class, ConfigurationPropertiesRebinderAutoConfiguration.class)
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=10m")
            .withBean(Texts.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties
    static class Cloud {
        /** Sets a property and publishes the event, as the actuator of Spring Cloud does. */
        @Bean
        EnvironmentManager environmentManager(ConfigurableEnvironment environment) {
            return new EnvironmentManager(environment);
        }

        @Bean
        ToLongFunction<Object> weigher() {
            return item -> 1;
        }

        @Bean
        ToLongFunction<Object> otherWeigher() {
            return item -> 2;
        }
    }

    static class Texts {
        @Batched(concurrency = "2")
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }

        @Batched
        List<String> others(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    @SuppressWarnings("unchecked")
    private static AsyncBatcher<Long, String> batcher(ConfigurableApplicationContext context, String name) {
        return context.getBean(name + "BatcherClient", AsyncBatcher.class);
    }

    private static void set(ConfigurableApplicationContext context, String property, String value) {
        context.getBean(EnvironmentManager.class).setProperty(property, value);
    }

    @Test
    void whatHasChangedIsAppliedToTheLivingBatchersAndNothingIsLost() {
        runner.run(context -> {
            AsyncBatcher<Long, String> texts = batcher(context, "texts");
            CompletableFuture<String> queued = texts.process(1L);
            assertThat(texts.snapshot().queued()).isEqualTo(1);

            set(context, "batcher.instances.texts.max-batch-size", "7");
            assertThat(texts.options())
                    .isEqualTo(BatcherOptions.defaults()
                            .withName("texts")
                            .withMaxQueueTime(Duration.ofMinutes(10))
                            .withConcurrency(2)
                            .withMaxBatchSize(7));
            assertThat(queued).isNotDone();

            set(context, "batcher.max-queue-time", "0");
            assertThat(queued).succeedsWithin(TestTimes.LONG).isEqualTo("text 1");
            assertThat(batcher(context, "others").options().maxQueueTime()).isZero();
        });
    }

    @Test
    void thePrecedenceOfTheLayersStays() {
        runner.run(context -> {
            set(context, "batcher.concurrency", "9");
            assertThat(batcher(context, "texts").options().concurrency()).isEqualTo(2);
            assertThat(batcher(context, "others").options().concurrency()).isEqualTo(9);
        });
    }

    @Test
    void whatIsNoLongerSetGoesBackToItsDefault() {
        Map<String, Object> properties = new HashMap<>(Map.of("batcher.batch-timeout", "5s"));
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("remote", properties)))
                .run(context -> {
                    assertThat(batcher(context, "texts").options().batchTimeout())
                            .isEqualTo(Duration.ofSeconds(5));
                    properties.clear();
                    context.publishEvent(new EnvironmentChangeEvent(context, Set.of("batcher.batch-timeout")));
                    assertThat(batcher(context, "texts").options().batchTimeout())
                            .isNull();
                });
    }

    @Test
    void aValueThatIsNotAllowedIsLoggedAndChangesNothing(CapturedOutput output) {
        runner.run(context -> {
            BatcherOptions before = batcher(context, "texts").options();
            set(context, "batcher.instances.texts.max-batch-size", "0");
            set(context, "batcher.instances.texts.concurrency", "3");

            assertThat(batcher(context, "texts").options()).isEqualTo(before);
            assertThat(output)
                    .contains("Batcher 'texts' goes on with the settings that it has. The value of"
                            + " 'batcher.instances.texts.max-batch-size' (from \"batcher.instances.texts.max-batch-size\""
                            + " from property source \"manager\") is not allowed: maxBatchSize of batcher 'texts' must be"
                            + " at least 1, or -1 for no limit, but is 0.");

            set(context, "batcher.instances.texts.max-batch-size", "4");
            assertThat(batcher(context, "texts").options())
                    .isEqualTo(before.withMaxBatchSize(4).withConcurrency(3));
        });
    }

    @Test
    void aBatchersMistakeTouchesNoOther() {
        runner.run(context -> {
            set(context, "batcher.instances.others.max-batch-size", "0");
            set(context, "batcher.max-batch-size", "5");
            assertThat(batcher(context, "texts").options().maxBatchSize()).isEqualTo(5);
            assertThat(batcher(context, "others").options().maxBatchSize()).isEqualTo(100);
        });
    }

    @Test
    void aValueThatCannotBeUnderstoodIsLoggedAndChangesNothing(CapturedOutput output) {
        runner.run(context -> {
            BatcherOptions before = batcher(context, "texts").options();
            // Of Spring Cloud's own listener, which binds properties beans anew.
            assertThatException().isThrownBy(() -> set(context, "batcher.max-batch-size", "many"));

            assertThat(batcher(context, "texts").options()).isEqualTo(before);
            assertThat(output)
                    .contains("Batcher 'texts' goes on with the settings that it has. The value of"
                            + " 'batcher.max-batch-size' (from \"batcher.max-batch-size\" from property source"
                            + " \"manager\") can't be understood: it must be a whole number.");
        });
    }

    @Test
    void aWeightForABatcherWithoutAWeigherIsLoggedAndChangesNothing(CapturedOutput output) {
        runner.run(context -> {
            set(context, "batcher.instances.texts.max-batch-weight", "10");
            assertThat(batcher(context, "texts").options().maxBatchWeight()).isEqualTo(-1);
            assertThat(output)
                    .contains("The value of 'batcher.instances.texts.max-batch-weight' (from"
                            + " \"batcher.instances.texts.max-batch-weight\" from property source \"manager\") takes a"
                            + " weigher, and batcher 'texts' has none.");
        });
    }

    @Test
    void aWeightIsChangedWhereThereIsAWeigher() {
        runner.withPropertyValues("batcher.weigher=weigher").run(context -> {
            set(context, "batcher.instances.texts.max-batch-weight", "10");
            assertThat(batcher(context, "texts").options().maxBatchWeight()).isEqualTo(10);
        });
    }

    @Test
    void anotherBeanTakesARestartWhichIsSaid(CapturedOutput output) {
        runner.withPropertyValues("batcher.weigher=weigher").run(context -> {
            set(context, "batcher.instances.texts.weigher", "otherWeigher");
            assertThat(output)
                    .contains("Batcher 'texts' keeps the beans that it began with until it is made again; its settings"
                            + " now name {weigher=otherWeigher}");
        });
    }

    @Test
    void whatAnOperatorHasChangedStaysUnlessItsSettingChanges() {
        runner.run(context -> {
            AsyncBatcher<Long, String> texts = batcher(context, "texts");
            texts.reconfigure(options -> options.withMaxBatchSize(33).withConcurrency(33));
            set(context, "batcher.instances.texts.concurrency", "4");
            assertThat(texts.options().maxBatchSize()).isEqualTo(33);
            assertThat(texts.options().concurrency()).isEqualTo(4);
        });
    }

    @Test
    void customizersHaveTheLastWordAgain() {
        runner.withBean(
                        BatcherCustomizer.class,
                        () -> (name, builder) ->
                                builder.maxBatchSize(Math.min(builder.options().maxBatchSize(), 50)))
                .run(context -> {
                    assertThat(batcher(context, "texts").options().maxBatchSize())
                            .isEqualTo(50);
                    set(context, "batcher.max-batch-size", "40");
                    assertThat(batcher(context, "texts").options().maxBatchSize())
                            .isEqualTo(40);
                    set(context, "batcher.max-batch-size", "60");
                    assertThat(batcher(context, "texts").options().maxBatchSize())
                            .isEqualTo(50);
                });
    }

    @Test
    void otherEventsAreLeftAlone() {
        runner.run(context -> {
            SettingsRefresh refresh = context.getBean(SettingsRefresh.class);
            assertThat(refresh.supportsEventType(EnvironmentChangeEvent.class)).isTrue();
            assertThat(refresh.supportsEventType(ContextRefreshedEvent.class)).isFalse();
        });
    }
}
