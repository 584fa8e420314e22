package io.asyncbatcher.sample.tensorflow;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells whoever starts the sample without TensorFlow's natives how to get them. */
final class TensorFlowFailureAnalyzer extends AbstractFailureAnalyzer<LinkageError> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, LinkageError cause) {
        if (!cause.toString().contains("tensorflow")) {
            return null;
        }
        return new FailureAnalysis(
                "TensorFlow has no native library here (%s, %s)"
                        .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                """
                On Linux on x86_64 the Maven profile "systems" brings it: \
                ./mvnw spring-boot:run -Psystems -Dspring-boot.run.profiles=tensorflow\
                """,
                cause);
    }
}
