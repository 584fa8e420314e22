package io.asyncbatcher.spring.boot;

import org.jspecify.annotations.Nullable;

/** A mistake of the application's that stops the start: what is wrong, and what to change. */
final class BatcherConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    BatcherConfigurationException(String description, String action) {
        this(description, action, null);
    }

    BatcherConfigurationException(String description, String action, @Nullable Throwable cause) {
        super(description + " " + action, cause);
        this.description = description;
        this.action = action;
    }

    String description() {
        return description;
    }

    String action() {
        return action;
    }
}
