package io.asyncbatcher.sample.sklearn;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells whoever starts the sample what to do where ONNX Runtime can't run. */
final class OnnxRuntimeFailureAnalyzer extends AbstractFailureAnalyzer<LinkageError> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, LinkageError cause) {
        if (!cause.toString().contains("onnxruntime")) {
            return null;
        }
        return new FailureAnalysis(
                "ONNX Runtime has no native library for this machine (%s, %s)"
                        .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                "Run the sample without it: ./mvnw spring-boot:run -Dspring-boot.run.profiles=postgres",
                cause);
    }
}
