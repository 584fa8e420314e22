package io.asyncbatcher.sample.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;

class TensorFlowFailureAnalyzerTests {

    @Test
    void withoutNativesTheMessageSaysHowToGetThem() {
        FailureAnalysis analysis = new TensorFlowFailureAnalyzer()
                .analyze(new UnsatisfiedLinkError("no jnitensorflow in java.library.path"));

        assertThat(analysis.getDescription()).contains("TensorFlow", System.getProperty("os.arch"));
        assertThat(analysis.getAction()).contains("-Psystems -Dspring-boot.run.profiles=tensorflow");
    }
}
