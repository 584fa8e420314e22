package io.asyncbatcher.sample.sklearn;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.ParameterizedTypeReference;

class DigitModelTests {

    private static final Digit BLANK = new Digit(Collections.nCopies(Digit.PIXELS, 0.0));

    private static final ParameterizedTypeReference<BatcherClient<Digit, Prediction>> CLIENT =
            new ParameterizedTypeReference<>() {};

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(context -> context.getEnvironment().setActiveProfiles("sklearn"))
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withUserConfiguration(DigitModel.class);

    @Test
    void itIsClosedWhenEverythingAcceptedIsAnswered() {
        runner.run(context -> {
            BatcherClient<Digit, Prediction> sklearn =
                    context.getBeanProvider(CLIENT).getObject();
            List<CompletableFuture<Prediction>> predictions =
                    Stream.generate(() -> sklearn.process(BLANK)).limit(5_000).toList();

            context.close();

            assertThat(predictions).allMatch(prediction -> !prediction.isCompletedExceptionally());
            assertThat(predictions).allMatch(CompletableFuture::isDone);
        });
    }

    /** As batches do that drain: ONNX Runtime's own shutdown hook, which takes away what calls need, runs beside them. */
    @Test
    void itReadsOnWhileTheJvmShutsDown() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:ErrorFile=/dev/null",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SpringApplication.class.getName(),
                        "--spring.main.sources=" + ShutdownDuringPredictions.class.getName(),
                        "--spring.main.web-application-type=none")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("Read to the end");
    }

    @Test
    void whereOnnxRuntimeCannotRunTheMessageSaysWhatToDo() {
        UnsatisfiedLinkError failure = new UnsatisfiedLinkError("no onnxruntime in java.library.path");

        FailureAnalysis analysis = new OnnxRuntimeFailureAnalyzer().analyze(failure);

        assertThat(analysis.getDescription()).contains("ONNX Runtime", System.getProperty("os.arch"));
        assertThat(analysis.getAction()).contains("-Dspring-boot.run.profiles=postgres");
        assertThat(new OnnxRuntimeFailureAnalyzer().analyze(new UnsatisfiedLinkError("no other in path")))
                .isNull();
    }
}
