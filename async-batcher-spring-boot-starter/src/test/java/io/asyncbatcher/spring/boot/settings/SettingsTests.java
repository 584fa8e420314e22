package io.asyncbatcher.spring.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.OverflowPolicy;
import io.asyncbatcher.RateLimit;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatcherCustomizer;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Where the settings of a batcher come from. */
@SuppressWarnings("unused") // annotated methods are called by reflection
@ExtendWith(OutputCaptureExtension.class)
class SettingsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withUserConfiguration(Functions.class)
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
                maxBlockTime = "2s",
                maxBatchWeight = "2000",
                weigher = "weigher",
                deduplicate = "true",
                batchTimeout = "20s",
                itemTimeout = "21s",
                shedLoad = "true",
                priorityAgeing = "22s",
                maxAttempts = "2",
                retryDelay = "20ms",
                maxRetryDelay = "200ms",
                rateLimit = "20/2s",
                dispatch = "natural")
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

    @Configuration(proxyBeanMethods = false)
    static class Functions {
        @Bean
        ToLongFunction<Long> weigher() {
            return id -> id;
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

    /** A value of each plain option that is neither its default nor that of the annotation. */
    private static final String[] OF_ALL = {
        "batcher.max-batch-size=7",
        "batcher.max-queue-time=7ms",
        "batcher.concurrency=7",
        "batcher.max-queue-size=-1",
        "batcher.overflow=block",
        "batcher.max-block-time=7s",
        "batcher.max-batch-weight=7000000000",
        "batcher.weigher=weigher",
        "batcher.deduplicate=true",
        "batcher.batch-timeout=7s",
        "batcher.item-timeout=8s",
        "batcher.shed-load=true",
        "batcher.priority-ageing=9s",
        "batcher.max-attempts=7",
        "batcher.retry-delay=70ms",
        "batcher.max-retry-delay=700ms",
        "batcher.rate-limit=7 / PT7S",
        "batcher.dispatch=adaptive"
    };

    @Test
    void thePropertiesOfAllHavePrecedenceOverTheDefaults() {
        runner.withPropertyValues(OF_ALL)
                .run(context -> assertThat(options(context, "bare"))
                        .isEqualTo(new BatcherOptions(
                                "bare",
                                7,
                                Duration.ofMillis(7),
                                7,
                                -1,
                                OverflowPolicy.BLOCK,
                                Duration.ofSeconds(7),
                                7_000_000_000L,
                                true,
                                Duration.ofSeconds(7),
                                Duration.ofSeconds(8),
                                true,
                                Duration.ofSeconds(9),
                                7,
                                Duration.ofMillis(70),
                                Duration.ofMillis(700),
                                new RateLimit(7, Duration.ofSeconds(7)),
                                DispatchMode.ADAPTIVE)));
    }

    @Test
    void theAnnotationHasPrecedenceOverThePropertiesOfAll() {
        runner.withPropertyValues(OF_ALL)
                .withPropertyValues("batcher.overflow=reject", "batcher.deduplicate=false", "batcher.shed-load=false")
                .run(context -> assertThat(options(context, "userById"))
                        .isEqualTo(new BatcherOptions(
                                "userById",
                                20,
                                Duration.ofMillis(20),
                                2,
                                200,
                                OverflowPolicy.BLOCK,
                                Duration.ofSeconds(2),
                                2000,
                                true,
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(21),
                                true,
                                Duration.ofSeconds(22),
                                2,
                                Duration.ofMillis(20),
                                Duration.ofMillis(200),
                                new RateLimit(20, Duration.ofSeconds(2)),
                                DispatchMode.NATURAL)));
    }

    @Test
    void everyPlainOptionOfTheBuilderCanBeSet() {
        assertThat(OptionNames.ALL).containsAll(PlainOption.NAMES);
    }

    @Test
    void everyOptionOfTheBuilderIsAPropertyAndAnAttribute() {
        Set<String> setters = Arrays.stream(AsyncBatcher.Builder.class.getMethods())
                .filter(method -> method.getReturnType() == AsyncBatcher.Builder.class)
                .map(Method::getName)
                .collect(Collectors.toSet());
        // The name is the key, time belongs to tests, options is all of them.
        setters.removeAll(List.of("name", "time", "options"));
        // The second argument of maxBatchWeight.
        setters.add("weigher");
        // The starter's own.
        setters.add("tracing");

        assertThat(OptionNames.ALL).containsExactlyInAnyOrderElementsOf(setters);
        assertThat(Arrays.stream(Batched.class.getDeclaredMethods()).map(Method::getName))
                .filteredOn(name ->
                        !List.of("name", "value", "resultKey", "itemKey").contains(name))
                .containsExactlyInAnyOrderElementsOf(setters);
    }

    @Test
    void aLimitOfAllIsTakenAwayFromOneBatcherByMinusOne() {
        runner.withPropertyValues(OF_ALL)
                .withPropertyValues(
                        "batcher.instances.bare.max-batch-weight=-1",
                        "batcher.instances.bare.batch-timeout=-1",
                        "batcher.instances.bare.item-timeout=-1",
                        "batcher.instances.bare.rate-limit=-1")
                .run(context -> {
                    assertThat(options(context, "bare").maxBatchWeight()).isEqualTo(-1);
                    assertThat(options(context, "bare").batchTimeout()).isNull();
                    assertThat(options(context, "bare").itemTimeout()).isNull();
                    assertThat(options(context, "bare").rateLimit()).isNull();
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    100      | rateLimit must be calls per time, as in 100/1s, or -1 for no limit, but is '100'
                    /1s      | rateLimit must be calls per time, as in 100/1s, or -1 for no limit, but is '/1s'
                    100/soon | rateLimit must be calls per time, as in 100/1s, or -1 for no limit, but is '100/soon'
                    -5/1s    | rateLimit must be calls per time, as in 100/1s, or -1 for no limit, but is '-5/1s'
                    1e3/1s   | rateLimit must be calls per time, as in 100/1s, or -1 for no limit, but is '1e3/1s'
                    5/99999999999999999999d | rateLimit must be calls per time, as in 100/1s, or -1 for no limit, but is '5/99999999999999999999d'
                    0/1s     | rateLimit must allow at least 1 batch per time longer than zero, but is 0 per PT1S
                    5/0s     | rateLimit must allow at least 1 batch per time longer than zero, but is 5 per PT0S
                    """)
    void aRateLimitThatCannotBeUnderstoodStopsTheStart(String limit, String message) {
        runner.withPropertyValues("batcher.rate-limit=" + limit)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("The value of 'batcher.rate-limit' (from \"batcher.rate-limit\" from"
                                + " property source \"test\") is not allowed: " + message + "."));
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
                            .contains("There are properties 'batcher.instances.user-by-ids.*', but no batcher of this"
                                    + " name yet. There are: userById, bare.");
                });
    }

    @Test
    void propertiesOfABatcherThatExistsAreNotPointedAt(CapturedOutput output) {
        runner.withPropertyValues("batcher.instances.user-by-id.max-batch-size=30")
                .run(context -> assertThat(output).doesNotContain("There are properties"));
    }

    static class Underscored {
        @Batched(name = "my_batcher", maxBatchSize = " ", deduplicate = " ")
        List<String> load(List<Integer> ids) {
            return List.of();
        }
    }

    @Test
    void aBlankAttributeSetsNothing() {
        runner.withBean(Underscored.class)
                .run(context -> assertThat(options(context, "my_batcher"))
                        .isEqualTo(BatcherOptions.defaults().withName("my_batcher")));
    }
}
