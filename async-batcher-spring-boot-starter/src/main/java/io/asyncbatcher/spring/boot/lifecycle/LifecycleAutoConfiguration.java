package io.asyncbatcher.spring.boot.lifecycle;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of what knows every batcher bean, and stops it with the context. */
@AutoConfiguration
final class LifecycleAutoConfiguration implements AopInfrastructureBean {

    @Bean
    static Batchers asyncBatchers(ConfigurableListableBeanFactory beanFactory) {
        return new Batchers(beanFactory);
    }

    @Bean
    BatcherLifecycle asyncBatcherLifecycle(Batchers batchers, ApplicationContext context) {
        return new BatcherLifecycle(batchers, context);
    }

    @Bean
    StopNotice asyncBatcherStopNotice(BatcherLifecycle lifecycle) {
        return new StopNotice(lifecycle);
    }
}
