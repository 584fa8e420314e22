package io.asyncbatcher.spring.boot.calls;

import io.asyncbatcher.spring.BatchedByFactory;
import io.asyncbatcher.spring.boot.methods.BatchedMethodIndex;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of {@link io.asyncbatcher.spring.BatchedBy} methods. Nothing here depends on other beans than the methods found: it is made before them,
 * and so before everything that could process it: the role keeps Spring from warning of that.
 */
@AutoConfiguration
final class CallsAutoConfiguration implements AopInfrastructureBean {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BatchedByFinder asyncBatcherBatchedByMethods(
            Environment environment, ConfigurableListableBeanFactory beanFactory) {
        return new BatchedByFinder(environment, beanFactory);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BatchedByCalls asyncBatcherBatchedByCalls(
            BatchedByFinder methods, BatchedMethodIndex index, ConfigurableListableBeanFactory beanFactory) {
        return new BatchedByCalls(
                methods, new NamedClients(index, beanFactory), new TransactionCheck(index, beanFactory));
    }

    @Bean
    static BatchedByPostProcessor asyncBatcherBatchedByPostProcessor(
            BatchedByFinder methods, BatchedByCalls calls, Environment environment) {
        return new BatchedByPostProcessor(
                methods, calls, environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
    }

    @Bean
    static BatchedByFactory asyncBatcherBatchedByFactory(BatchedByFinder methods, BatchedByCalls calls) {
        return new BatchedByProxies(methods, calls);
    }
}
