package io.asyncbatcher.spring.boot.lifecycle;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.context.SmartLifecycle;

/**
 * Begins stage one for a context that is stopped without being closed: no event tells of that in advance, but nobody is
 * stopped before the first phase. A bean of its own because a bean has one phase; and one that depends on the other rather
 * than the other way round, because Spring stops dependents first, whatever their phase.
 */
final class StopNotice implements SmartLifecycle, AopInfrastructureBean {

    private final BatcherLifecycle lifecycle;
    private volatile boolean running;

    StopNotice(BatcherLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** As {@link BatcherLifecycle#isPauseable}. */
    @SuppressWarnings("MissingOverride")
    public boolean isPauseable() {
        return false;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        lifecycle.dispatchPromptly();
    }
}
