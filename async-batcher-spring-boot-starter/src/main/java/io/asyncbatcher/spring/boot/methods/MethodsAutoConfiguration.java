package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.settings.ConfiguredBatchers;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Auto-configuration of {@link io.asyncbatcher.spring.Batched} methods: makes a client bean of each. */
@AutoConfiguration
final class MethodsAutoConfiguration implements AopInfrastructureBean {

    @Bean
    static BatchedMethodIndex asyncBatcherMethodIndex() {
        return new BatchedMethodIndex();
    }

    @Bean
    static BatchedMethodRegistrar asyncBatcherMethods(BatchedMethodIndex index, Environment environment) {
        return new BatchedMethodRegistrar(index, environment);
    }

    @Bean(BatcherFactory.BEAN_NAME)
    BatcherFactory asyncBatcherFactory(
            BatchedMethodIndex index,
            ConfiguredBatchers configured,
            ConfigurableListableBeanFactory beanFactory,
            Environment environment) {
        return new BatcherFactory(index, configured, beanFactory, environment);
    }

    @Bean
    HiddenMethods asyncBatcherHiddenMethods(
            BatchedMethodRegistrar registrar, BatchedMethodIndex index, ConfigurableListableBeanFactory beanFactory) {
        return new HiddenMethods(registrar, index, beanFactory);
    }

    @Bean
    Wirings asyncBatcherWirings(
            Batchers batchers,
            ConfiguredBatchers configured,
            BatchedMethodIndex index,
            ConfigurableListableBeanFactory beanFactory) {
        return new Wirings(batchers, configured, index, beanFactory);
    }
}
