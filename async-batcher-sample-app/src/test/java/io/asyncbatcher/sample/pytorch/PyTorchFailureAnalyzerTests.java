package io.asyncbatcher.sample.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;

class PyTorchFailureAnalyzerTests {

    @Test
    void withoutNativesTheMessageSaysHowToGetThem() {
        FailureAnalysis analysis = new PyTorchFailureAnalyzer().analyze(new EngineException("No native library"));

        assertThat(analysis.getDescription()).contains("PyTorch", System.getProperty("os.arch"));
        assertThat(analysis.getAction()).contains("-Psystems -Dspring-boot.run.profiles=pytorch");
    }
}
