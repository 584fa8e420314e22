package io.asyncbatcher.spring.boot;

import io.asyncbatcher.spring.BatchedByFactory;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * What {@code @BatchedBy} needs. Nothing here depends on other beans than the methods found: it is made before them,
 * and so before everything that could process it: the role keeps Spring from warning of that.
 */
@Configuration(proxyBeanMethods = false)
final class BatchedByConfiguration implements AopInfrastructureBean {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BatchedByMethods asyncBatcherBatchedByMethods(
            Environment environment, ConfigurableListableBeanFactory beanFactory) {
        return new BatchedByMethods(environment, beanFactory);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BatchedByCalls asyncBatcherBatchedByCalls(
            BatchedByMethods methods, BatchedMethodRegistrar registrar, ConfigurableListableBeanFactory beanFactory) {
        return new BatchedByCalls(
                methods, new NamedClients(registrar, beanFactory), new TransactionCheck(registrar, beanFactory));
    }

    @Bean
    static BatchedByPostProcessor asyncBatcherBatchedByPostProcessor(
            BatchedByMethods methods, BatchedByCalls calls, Environment environment) {
        return new BatchedByPostProcessor(
                methods, calls, environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
    }

    @Bean
    static BatchedByFactory asyncBatcherBatchedByFactory(BatchedByMethods methods, BatchedByCalls calls) {
        return new BatchedByProxies(methods, calls);
    }
}
