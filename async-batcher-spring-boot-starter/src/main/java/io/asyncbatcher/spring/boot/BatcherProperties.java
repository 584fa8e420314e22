package io.asyncbatcher.spring.boot;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** All properties of the starter. What a batcher gets is read anew for each one, by {@link LayeredSettings}. */
@ConfigurationProperties(prefix = "batcher", ignoreUnknownFields = false)
final class BatcherProperties extends BatcherSettings {

    /** Whether methods with the annotation Batched become batchers. */
    private boolean enabled = true;

    /**
     * Whether every item is a batch of its own, on the thread that hands it over: for tests, whose transactions such a
     * batch sees.
     */
    private boolean synchronous;

    /** Settings of single batchers, by name; they have precedence over the annotation. */
    private final Map<String, BatcherSettings> instances = new LinkedHashMap<>();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public boolean isSynchronous() {
        return synchronous;
    }

    public void setSynchronous(boolean synchronous) {
        this.synchronous = synchronous;
    }

    public Map<String, BatcherSettings> getInstances() {
        return instances;
    }
}
