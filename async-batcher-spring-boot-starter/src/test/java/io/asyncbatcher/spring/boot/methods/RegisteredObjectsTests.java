package io.asyncbatcher.spring.boot.methods;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Beans without a definition: objects that were put into the container as they are. */
@ExtendWith(OutputCaptureExtension.class)
class RegisteredObjectsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0");

    static class Texts {
        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    record User(BatcherClient<Long, String> client) {}

    @Test
    void theMethodOfAnObjectIsABatcher() {
        runner.withInitializer(context -> context.getBeanFactory().registerSingleton("object", new Texts()))
                .withBean(User.class)
                .run(context -> assertThat(context.getBean(User.class).client().process(1L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo("text 1"));
    }

    static class Late implements InitializingBean {

        private final ConfigurableListableBeanFactory beanFactory;

        Late(ConfigurableListableBeanFactory beanFactory) {
            this.beanFactory = beanFactory;
        }

        @Override
        public void afterPropertiesSet() {
            beanFactory.registerSingleton("late", new Texts());
        }
    }

    @Test
    void anObjectThatComesTooLateIsPointedAt(CapturedOutput output) {
        runner.withBean(Late.class)
                .run(context -> assertThat(output)
                        .contains("No batcher was made of " + Texts.class.getName() + ".texts(List): the object 'late'"
                                + " was registered after the clients had been made. Register it in an"
                                + " ApplicationContextInitializer, or declare it as a bean."));
    }

    static class Lookup {
        @BatchedBy("texts")
        String text(Long id) {
            throw new AssertionError("not through a proxy");
        }
    }

    @Test
    void theCallsOfAnObjectCannotBeTaken() {
        runner.withInitializer(context -> context.getBeanFactory().registerSingleton("object", new Lookup()))
                .withBean(Texts.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(BatcherConfigurationException.class)
                        .hasMessage("The method " + Lookup.class.getName()
                                + ".text(Long) can't be @BatchedBy(\"texts\"):"
                                + " its bean 'object' was registered as an object, so that no proxy can take its calls."
                                + " Declare it as a bean, or register it by GenericApplicationContext.registerBean."));
    }
}
