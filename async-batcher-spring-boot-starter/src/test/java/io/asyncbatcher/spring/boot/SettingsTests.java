package io.asyncbatcher.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.OverflowPolicy;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatcherCustomizer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Where the settings of a batcher come from. */
@SuppressWarnings("unused") // annotated methods are called by reflection
@ExtendWith(OutputCaptureExtension.class)
class SettingsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withBean(Users.class)
            .withBean(Bare.class);

    static class Users {
        @Batched(
                name = "userById",
                maxBatchSize = "20",
                maxQueueTime = "20ms",
                concurrency = "${users.concurrency:2}",
                maxQueueSize = "200",
                overflow = "block",
                maxBlockTime = "2s")
        List<String> load(List<Long> ids) {
            return List.of();
        }
    }

    static class Bare {
        @Batched
        List<String> bare(List<Long> ids) {
            return List.of();
        }
    }

    private static BatcherOptions options(ApplicationContext context, String name) {
        return context.getBean(name + "BatcherClient", AsyncBatcher.class).options();
    }

    @Test
    void withoutAnySettingTheBuildersDefaultsHold() {
        runner.run(context -> assertThat(options(context, "bare"))
                .isEqualTo(BatcherOptions.defaults().withName("bare")));
    }

    @Test
    void thePropertiesOfAllHavePrecedenceOverTheDefaults() {
        runner.withPropertyValues(
                        "batcher.max-batch-size=7",
                        "batcher.max-queue-time=7ms",
                        "batcher.concurrency=7",
                        "batcher.max-queue-size=-1",
                        "batcher.overflow=block",
                        "batcher.max-block-time=7s")
                .run(context -> assertThat(options(context, "bare"))
                        .isEqualTo(BatcherOptions.defaults()
                                .withName("bare")
                                .withMaxBatchSize(7)
                                .withMaxQueueTime(Duration.ofMillis(7))
                                .withConcurrency(7)
                                .withMaxQueueSize(-1)
                                .withOverflow(OverflowPolicy.BLOCK)
                                .withMaxBlockTime(Duration.ofSeconds(7))));
    }

    @Test
    void theAnnotationHasPrecedenceOverThePropertiesOfAll() {
        runner.withPropertyValues(
                        "batcher.max-batch-size=7",
                        "batcher.max-queue-time=7ms",
                        "batcher.concurrency=7",
                        "batcher.max-queue-size=-1",
                        "batcher.overflow=reject",
                        "batcher.max-block-time=7s")
                .run(context -> assertThat(options(context, "userById"))
                        .isEqualTo(BatcherOptions.defaults()
                                .withName("userById")
                                .withMaxBatchSize(20)
                                .withMaxQueueTime(Duration.ofMillis(20))
                                .withConcurrency(2)
                                .withMaxQueueSize(200)
                                .withOverflow(OverflowPolicy.BLOCK)
                                .withMaxBlockTime(Duration.ofSeconds(2))));
    }

    @Test
    void placeholdersInTheAnnotationAreResolved() {
        runner.withPropertyValues("users.concurrency=9")
                .run(context ->
                        assertThat(options(context, "userById").concurrency()).isEqualTo(9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"userById", "user-by-id", "USERBYID", "user_by_id"})
    void thePropertiesOfABatcherHavePrecedenceOverItsAnnotation(String name) {
        runner.withPropertyValues("batcher.max-batch-size=7", "batcher.instances." + name + ".max-batch-size=30")
                .run(context -> {
                    assertThat(options(context, "userById").maxBatchSize()).isEqualTo(30);
                    assertThat(options(context, "userById").maxQueueTime()).isEqualTo(Duration.ofMillis(20));
                });
    }

    @Test
    void environmentVariablesAreProperties() {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "test-systemEnvironment",
                                Map.of("BATCHER_INSTANCES_USERBYID_MAXBATCHSIZE", "30", "BATCHER_CONCURRENCY", "3"))))
                .run(context -> {
                    assertThat(options(context, "userById").maxBatchSize()).isEqualTo(30);
                    assertThat(options(context, "bare").concurrency()).isEqualTo(3);
                });
    }

    @Test
    void namesWithDashesAndUnderscoresAreFound() {
        class Local {
            @Batched("my-fine_prices2")
            List<String> load(List<Long> ids) {
                return List.of();
            }
        }
        runner.withBean(Local.class, Local::new)
                .withPropertyValues("batcher.instances.my-fine_prices2.max-batch-size=30")
                .run(context -> assertThat(options(context, "my-fine_prices2").maxBatchSize())
                        .isEqualTo(30));
    }

    @Test
    void customizersHaveTheLastWordExceptForTheName(CapturedOutput output) {
        runner.withPropertyValues("batcher.instances.bare.max-batch-size=30")
                .withBean(
                        BatcherCustomizer.class,
                        () -> (name, builder) -> builder.name("other")
                                .maxBatchSize(builder.options().maxBatchSize() + name.length()))
                .run(context -> assertThat(options(context, "bare"))
                        .isEqualTo(BatcherOptions.defaults().withName("bare").withMaxBatchSize(34)));
    }

    @Test
    void propertiesOfABatcherThatDoesNotExistArePointedAt(CapturedOutput output) {
        runner.withPropertyValues("batcher.instances.user-by-ids.max-batch-size=30")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output)
                            .contains("There are properties 'batcher.instances.user-by-ids.*', but no @Batched method"
                                    + " of this name. There are: userById, bare.");
                });
    }

    @Test
    void propertiesOfABatcherThatExistsAreNotPointedAt(CapturedOutput output) {
        runner.withPropertyValues("batcher.instances.user-by-id.max-batch-size=30")
                .run(context -> assertThat(output).doesNotContain("There are properties"));
    }
}
