package io.asyncbatcher.spring.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a {@link BatcherConfigurationException} instead of its stack trace. */
final class BatcherConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<BatcherConfigurationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BatcherConfigurationException cause) {
        return new FailureAnalysis(cause.description(), cause.action(), cause);
    }
}
