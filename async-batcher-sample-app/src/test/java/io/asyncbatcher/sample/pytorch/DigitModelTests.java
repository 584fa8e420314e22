package io.asyncbatcher.sample.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.ParameterizedTypeReference;

@Tag("systems")
@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "The profile systems has natives for Linux on x86_64 only")
class DigitModelTests {

    private static final Digit BLANK = new Digit(Collections.nCopies(Digit.PIXELS, 0.0));

    private static final ParameterizedTypeReference<BatcherClient<Digit, Prediction>> CLIENT =
            new ParameterizedTypeReference<>() {};

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(context -> context.getEnvironment().setActiveProfiles("pytorch"))
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withUserConfiguration(DigitModel.class);

    @Test
    void itIsClosedWhenEverythingAcceptedIsAnswered() {
        runner.run(context -> {
            BatcherClient<Digit, Prediction> pytorch =
                    context.getBeanProvider(CLIENT).getObject();
            List<CompletableFuture<Prediction>> predictions =
                    Stream.generate(() -> pytorch.process(BLANK)).limit(5_000).toList();

            context.close();

            assertThat(predictions).allMatch(prediction -> !prediction.isCompletedExceptionally());
            assertThat(predictions).allMatch(CompletableFuture::isDone);
        });
    }
}
