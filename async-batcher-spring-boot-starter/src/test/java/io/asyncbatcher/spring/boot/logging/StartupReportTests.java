package io.asyncbatcher.spring.boot.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the log says of the batchers at the start. */
@ExtendWith(OutputCaptureExtension.class)
class StartupReportTests {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class));

    static class Texts {
        @Batched(maxBatchSize = "20")
        List<String> texts(List<Long> ids) {
            return List.of();
        }
    }

    private ApplicationContextRunner with(int declared) {
        ApplicationContextRunner with = runner;
        for (int i = 0; i < declared; i++) {
            String name = "declared" + i;
            with = with.withBean(
                    name,
                    AsyncBatcher.class,
                    () -> AsyncBatcher.<Long, Long>builder(List::copyOf)
                            .name(name)
                            .build());
        }
        return with;
    }

    @Test
    void everyBatcherIsListedWithItsMethodAndItsMainOptions(CapturedOutput output) {
        with(1).withBean(Texts.class)
                .run(context -> assertThat(output)
                        .contains(
                                "Batcher 'texts' calls io.asyncbatcher.spring.boot.logging.StartupReportTests$Texts.texts(List):"
                                        + " max-batch-size=20, max-queue-time=PT0.01S, concurrency=1, max-queue-size=10000,"
                                        + " dispatch=fixed",
                                "Batcher 'declared0' is bean 'declared0': max-batch-size=100, "));
    }

    @Test
    void thereAreTwentyLinesAtMost(CapturedOutput output) {
        with(20).run(context -> assertThat(lines(output)).hasSize(20).noneMatch(line -> line.contains("more")));
    }

    @Test
    void theOthersAreCounted(CapturedOutput output) {
        with(25).run(context ->
                assertThat(lines(output)).hasSize(20).last().asString().endsWith("And 6 more batchers"));
    }

    private static List<String> lines(CapturedOutput output) {
        return output.getAll()
                .lines()
                .filter(line -> line.contains(StartupReport.class.getSimpleName()))
                .toList();
    }
}
