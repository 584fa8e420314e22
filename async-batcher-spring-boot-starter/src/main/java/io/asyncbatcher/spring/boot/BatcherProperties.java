package io.asyncbatcher.spring.boot;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** All properties of the starter. What a batcher gets is read anew for each one, by {@link LayeredSettings}. */
@ConfigurationProperties(prefix = "batcher", ignoreUnknownFields = false)
final class BatcherProperties extends BatcherSettings {

    /** Whether methods with the annotation Batched become batchers. */
    private boolean enabled = true;

    /** Settings of single batchers, by name; they have precedence over the annotation. */
    private final Map<String, BatcherSettings> instances = new LinkedHashMap<>();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public Map<String, BatcherSettings> getInstances() {
        return instances;
    }
}
