package io.asyncbatcher.spring.boot.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import jakarta.annotation.Resource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A client's alias stands in the way of nobody who looks a bean up by name. */
@ExtendWith(OutputCaptureExtension.class)
class ResourceNamesTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0");

    static class Users {
        @Batched("users")
        List<String> find(List<Long> ids) {
            return ids.stream().map(id -> "user " + id).toList();
        }
    }

    static class Titles {
        @Batched("titles")
        List<String> find(List<Long> ids) {
            return ids.stream().map(id -> "title " + id).toList();
        }
    }

    static class FieldUser {
        @Resource
        private Users users;
    }

    static class InheritingUser extends FieldUser {}

    static class SetterUser {

        private Users set;

        @Resource
        void setUsers(Users users) {
            set = users;
        }
    }

    record Qualified(@Qualifier("users") BatcherClient<Long, String> client) {}

    @Test
    void aFieldFindsItsBeanByType() {
        runner.withBean("userService", Users.class)
                .withBean(Titles.class)
                .withBean(InheritingUser.class)
                .withBean(Qualified.class)
                .run(context -> {
                    assertThat(((FieldUser) context.getBean(InheritingUser.class)).users)
                            .isSameAs(context.getBean("userService"));
                    assertThat(context.getBean(Qualified.class).client().process(1L))
                            .succeedsWithin(TestTimes.LONG)
                            .isEqualTo("user 1");
                });
    }

    @Test
    void aSetterFindsItsBeanByType() {
        runner.withBean("userService", Users.class)
                .withBean(SetterUser.class)
                .run(context ->
                        assertThat(context.getBean(SetterUser.class).set).isSameAs(context.getBean("userService")));
    }

    static class Properties {

        private Users users;

        public void setUsers(Users users) {
            this.users = users;
        }
    }

    @Test
    void aPropertyThatIsAutowiredByNameIsLeftAlone() {
        RootBeanDefinition definition = new RootBeanDefinition(Properties.class);
        definition.setAutowireMode(AbstractBeanDefinition.AUTOWIRE_BY_NAME);
        runner.withBean("userService", Users.class)
                .withInitializer(context -> ((BeanDefinitionRegistry) context.getBeanFactory())
                        .registerBeanDefinition("properties", definition))
                .run(context ->
                        assertThat(context.getBean(Properties.class).users).isNull());
    }

    static class ClientUser {
        @Resource
        private BatcherClient<Long, String> users;
    }

    @Test
    void aFieldThatWantsTheClientFindsItByTheAlias() {
        runner.withBean("userService", Users.class)
                .withBean(Titles.class)
                .withBean(ClientUser.class)
                .run(context -> assertThat(
                                context.getBean(ClientUser.class).users.process(1L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo("user 1"));
    }

    interface Greeter {}

    static class HiddenUser implements Greeter {
        @Resource
        @SuppressWarnings("unused") // its injection fails
        private Users users;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(BatcherAutoConfiguration.class)
    static class HidesItsUser {
        @Bean
        Users userService() {
            return new Users();
        }

        @Bean
        Greeter greeter() {
            return new HiddenUser();
        }
    }

    @Test
    void aFieldThatNobodyCouldSeeIsToldWhatItsNameIs(CapturedOutput output) {
        SpringApplication application = new SpringApplication(HidesItsUser.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        assertThatException().isThrownBy(() -> application.run().close());
        assertThat(output.toString().replace("\r\n", "\n"))
                .contains("\nDescription:\n\nA bean 'users' of type " + Users.class.getName()
                        + " was looked up by its name, but 'users' is the client of " + Users.class.getName()
                        + ".find(List).\n\nAction:\n\nName the bean that is meant, as in @Resource(name = \"…\"), or give"
                        + " the batcher another name, as in @Batched(\"users2\").\n");
    }
}
