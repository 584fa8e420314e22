package io.asyncbatcher.spring.boot.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.BatchedByFactory;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import java.lang.reflect.Method;
import java.util.List;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.ClassFilter;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;

/** Advice that an auto-configuration adds after what is there, as Spring Boot's validation of methods does. */
class OtherAdviceTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class, ValidatingConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0")
            .withBean(Texts.class);

    /** By its name it would come after ours. */
    @AutoConfiguration
    static class ValidatingConfiguration {
        @Bean
        static Validating validating() {
            return new Validating();
        }
    }

    @SuppressWarnings("serial")
    static class Validating extends AbstractBeanFactoryAwareAdvisingPostProcessor {

        Validating() {
            setProxyTargetClass(true);
            MethodInterceptor refusing = invocation -> {
                if (invocation.getArguments()[0].equals(-1L)) {
                    throw new IllegalArgumentException("negative");
                }
                return invocation.proceed();
            };
            advisor = new DefaultPointcutAdvisor(new Texting(), refusing);
        }
    }

    private static final class Texting extends StaticMethodMatcherPointcut {

        @Override
        public ClassFilter getClassFilter() {
            return type -> type == Lookup.class || Finder.class.isAssignableFrom(type);
        }

        @Override
        public boolean matches(Method method, Class<?> type) {
            return method.getName().equals("text");
        }
    }

    static class Texts {
        @Batched("texts")
        List<String> load(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    static class Lookup {
        @BatchedBy("texts")
        String text(Long id) {
            throw new AssertionError("not through the proxy");
        }
    }

    @Test
    void validationOfAClassComesBeforeTheBatch() {
        runner.withBean(Lookup.class).run(context -> {
            Lookup lookup = context.getBean(Lookup.class);
            assertThat(lookup.text(1L)).isEqualTo("text 1");
            assertThatIllegalArgumentException().isThrownBy(() -> lookup.text(-1L));
        });
    }

    interface Finder {
        @BatchedBy("texts")
        String text(Long id);
    }

    static class Finders {
        @Bean
        Finder finder(BatchedByFactory factory) {
            return factory.create(Finder.class);
        }
    }

    @Test
    void validationOfAnInterfaceComesBeforeTheBatch() {
        runner.withUserConfiguration(Finders.class).run(context -> {
            Finder finder = context.getBean(Finder.class);
            assertThat(finder.text(1L)).isEqualTo("text 1");
            assertThatIllegalArgumentException().isThrownBy(() -> finder.text(-1L));
        });
    }
}
