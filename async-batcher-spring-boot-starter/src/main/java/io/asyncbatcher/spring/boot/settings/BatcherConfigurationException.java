package io.asyncbatcher.spring.boot.settings;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A mistake of the application's that stops the start: what is wrong, and what to change. */
public final class BatcherConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    /** Says what is wrong, and what to change. */
    public BatcherConfigurationException(String description, String action) {
        this(description, action, null);
    }

    /** The same, with what it follows from. */
    public BatcherConfigurationException(String description, String action, @Nullable Throwable cause) {
        super(description + " " + action, cause);
        this.description = description;
        this.action = action;
    }

    /** What is wrong. */
    public String description() {
        return description;
    }

    /** What to change. */
    public String action() {
        return action;
    }

    /** Shows a {@link BatcherConfigurationException} instead of its stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<BatcherConfigurationException> {

        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, BatcherConfigurationException cause) {
            return new FailureAnalysis(cause.description(), cause.action(), cause);
        }
    }
}
