package io.asyncbatcher.spring.boot.logging;

import io.asyncbatcher.TimeSource;
import io.asyncbatcher.spring.boot.lifecycle.Attachments;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.methods.Wirings;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of what is logged. */
@AutoConfiguration
final class LoggingAutoConfiguration implements AopInfrastructureBean {

    @Bean
    @ConditionalOnProperty(name = "batcher.log-failures", matchIfMissing = true)
    Attachments<FailureLog> asyncBatcherFailureLogs(Batchers batchers) {
        TimeSource time = TimeSource.system();
        return new Attachments<>(
                batchers,
                batcher -> {
                    FailureLog failures = new FailureLog(batcher.name(), time);
                    batcher.addListener(failures);
                    return failures;
                },
                (batcher, failures) -> {
                    batcher.removeListener(failures);
                    failures.close();
                });
    }

    @Bean
    StartupReport asyncBatcherStartupReport(Batchers batchers, Wirings wirings) {
        return new StartupReport(batchers, wirings);
    }
}
