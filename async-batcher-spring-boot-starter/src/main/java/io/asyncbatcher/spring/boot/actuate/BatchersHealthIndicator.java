package io.asyncbatcher.spring.boot.actuate;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The health of the batchers for Spring Boot 4. */
final class BatchersHealthIndicator implements HealthIndicator, AopInfrastructureBean {

    private final BatchersHealth health;

    BatchersHealthIndicator(BatchersHealth health) {
        this.health = health;
    }

    @Override
    public Health health() {
        BatchersHealth.Report report = health.report();
        return Health.status(report.status()).withDetails(report.details()).build();
    }
}
