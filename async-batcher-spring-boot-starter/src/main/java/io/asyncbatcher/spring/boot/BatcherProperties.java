package io.asyncbatcher.spring.boot;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** All properties of the starter. What a batcher gets of them is read by {@link LayeredSettings}. */
@ConfigurationProperties(prefix = "batcher", ignoreUnknownFields = false)
final class BatcherProperties extends BatcherSettings implements AopInfrastructureBean {

    /** Whether methods with the annotation Batched become batchers. */
    private boolean enabled = true;

    /**
     * Whether every item is a batch of its own, on the thread that hands it over: for tests, whose transactions such a
     * batch sees.
     */
    private boolean synchronous;

    /** Settings of single batchers, by name; they have precedence over the annotation. */
    private final Map<String, BatcherSettings> instances = new LinkedHashMap<>();

    /** When batchers are unhealthy. */
    private final Health health = new Health();

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

    public Health getHealth() {
        return health;
    }

    /** When batchers are unhealthy, and what they are then. */
    static final class Health {

        /** How long a batch may run, or go on after it was given up, before its batcher is unhealthy. */
        private Duration stuckAfter = Duration.ofMinutes(5);

        /** How long a queue may be full, at every check of health, before its batcher is unhealthy. */
        private Duration fullAfter = Duration.ofMinutes(1);

        /** The health status while a batcher is stuck or full, by its code. */
        private String status = "DOWN";

        public Duration getStuckAfter() {
            return stuckAfter;
        }

        public void setStuckAfter(Duration stuckAfter) {
            this.stuckAfter = stuckAfter;
        }

        public Duration getFullAfter() {
            return fullAfter;
        }

        public void setFullAfter(Duration fullAfter) {
            this.fullAfter = fullAfter;
        }

        public String getStatus() {
            return status;
        }

        public void setStatus(String status) {
            this.status = status;
        }
    }
}
