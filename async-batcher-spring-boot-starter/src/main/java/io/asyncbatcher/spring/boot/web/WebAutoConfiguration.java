package io.asyncbatcher.spring.boot.web;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of responses, where there is spring-web: for Spring MVC and for WebFlux. */
@AutoConfiguration
@ConditionalOnClass(name = "org.springframework.web.bind.annotation.ControllerAdvice")
@ConditionalOnWebApplication
@ConditionalOnProperty(name = "batcher.web.problem-details.enabled", matchIfMissing = true)
final class WebAutoConfiguration implements AopInfrastructureBean {

    @Bean
    BatcherProblemAdvice asyncBatcherProblemAdvice() {
        return new BatcherProblemAdvice();
    }
}
