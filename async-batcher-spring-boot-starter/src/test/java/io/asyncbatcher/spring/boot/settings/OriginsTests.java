package io.asyncbatcher.spring.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatcherCustomizer;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Where the value of each option comes from. */
class OriginsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withBean(Texts.class);

    static class Texts {
        @Batched(maxBatchSize = "20", concurrency = "2")
        List<String> texts(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void eachOptionIsFromTheLayerThatHasTheWord() {
        runner.withPropertyValues(
                        "batcher.max-batch-size=7",
                        "batcher.max-queue-size=7",
                        "batcher.instances.TEXTS.max-batch-size=30",
                        "batcher.executor=pool")
                .withBean("pool", Executor.class, () -> Runnable::run)
                .run(context -> assertThat(
                                context.getBean(ConfiguredBatchers.class).origins("texts"))
                        .containsOnlyKeys(OptionNames.ALL)
                        .containsEntry(
                                "maxBatchSize",
                                "'batcher.instances.texts.max-batch-size' (from"
                                        + " \"batcher.instances.TEXTS.max-batch-size\" from property source \"test\")")
                        .containsEntry(
                                "concurrency", "@Batched(concurrency) on " + Texts.class.getName() + ".texts(List)")
                        .containsEntry(
                                "maxQueueSize",
                                "'batcher.max-queue-size' (from \"batcher.max-queue-size\" from property source"
                                        + " \"test\")")
                        .containsEntry(
                                "executor",
                                "'batcher.executor' (from \"batcher.executor\" from property source \"test\")")
                        .containsEntry("maxQueueTime", "default")
                        .containsEntry("weigher", "default"));
    }

    @Test
    void whatACustomizerHasChangedIsFromIt() {
        runner.withBean(BatcherCustomizer.class, () -> (name, builder) -> builder.maxBatchSize(21))
                .run(context -> assertThat(
                                context.getBean(ConfiguredBatchers.class).origins("texts"))
                        .containsEntry("maxBatchSize", "BatcherCustomizer")
                        .containsEntry("maxAttempts", "default"));
    }

    @Test
    void whatWasChangedWhileRunningIsSaidToBe() {
        runner.run(context -> {
            AsyncBatcher<?, ?> texts = context.getBean("textsBatcherClient", AsyncBatcher.class);
            texts.reconfigure(options -> options.withMaxAttempts(9));
            assertThat(context.getBean(ConfiguredBatchers.class).origins("texts"))
                    .containsEntry("maxAttempts", "changed while running")
                    .containsEntry("maxQueueSize", "default");
        });
    }

    @Test
    void theSynchronousModeIsAnOrigin() {
        runner.withPropertyValues("batcher.synchronous=true")
                .run(context -> assertThat(
                                context.getBean(ConfiguredBatchers.class).origins("texts"))
                        .containsEntry(
                                "maxBatchSize",
                                "'batcher.synchronous' (from \"batcher.synchronous\" from property source \"test\")"));
    }

    @Test
    void theOptionsOfABatcherThatIsNoMethodsAreFromCode() {
        runner.withBean(
                        AsyncBatcher.class,
                        () -> AsyncBatcher.<Long, Long>builder(List::copyOf)
                                .name("declared")
                                .build())
                .run(context -> {
                    ConfiguredBatchers configured = context.getBean(ConfiguredBatchers.class);
                    assertThat(configured.origins("declared"))
                            .containsValues("code")
                            .doesNotContainValue("default");
                    assertThat(configured.origins("nobody"))
                            .containsOnlyKeys(PlainOption.NAMES)
                            .containsValues("code");
                });
    }
}
