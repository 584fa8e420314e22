package io.asyncbatcher.spring.boot;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What needs spring-web, be it for Spring MVC or for WebFlux. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.web.bind.annotation.ControllerAdvice")
@ConditionalOnWebApplication
@ConditionalOnProperty(name = "batcher.web.problem-details.enabled", matchIfMissing = true)
final class WebConfiguration implements AopInfrastructureBean {

    @Bean
    BatcherProblemAdvice asyncBatcherProblemAdvice() {
        return new BatcherProblemAdvice();
    }
}
