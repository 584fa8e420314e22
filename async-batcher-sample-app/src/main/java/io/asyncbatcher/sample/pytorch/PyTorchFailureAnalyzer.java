package io.asyncbatcher.sample.pytorch;

import ai.djl.engine.EngineException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells whoever starts the sample without PyTorch's natives how to get them. */
final class PyTorchFailureAnalyzer extends AbstractFailureAnalyzer<EngineException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, EngineException cause) {
        return new FailureAnalysis(
                "PyTorch has no native library here (%s, %s)"
                        .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                """
                On Linux on x86_64 the Maven profile "systems" brings it: \
                ./mvnw spring-boot:run -Psystems -Dspring-boot.run.profiles=pytorch\
                """,
                cause);
    }
}
