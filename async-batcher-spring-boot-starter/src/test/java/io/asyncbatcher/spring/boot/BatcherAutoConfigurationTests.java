package io.asyncbatcher.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.settings.BatcherProperties;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** When the starter does what, and when it backs off. */
class BatcherAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0")
            .withBean(Texts.class);

    static class Texts {
        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    @Test
    void itIsFoundByBoot() {
        assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader())
                        .getCandidates())
                .contains(BatcherAutoConfiguration.class.getName());
    }

    @Test
    void itIsOnByDefault() {
        runner.run(context -> assertThat(context).hasSingleBean(BatcherClient.class));
    }

    @Test
    void itCanBeSwitchedOff() {
        runner.withPropertyValues("batcher.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(BatcherClient.class)
                        .doesNotHaveBean("asyncBatcherLifecycle")
                        .doesNotHaveBean(BatcherProperties.class));
    }

    @Test
    void withoutAnyMethodItDoesNothing() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BatcherClient.class));
    }

    @Test
    void anExposedEndpointIsThere() {
        runner.withPropertyValues("management.endpoints.web.exposure.include=batchers")
                .run(context -> assertThat(context).hasBean("asyncBatchersEndpoint"));
    }

    @Test
    void anEndpointThatNobodyCanReachIsNot() {
        runner.withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context).doesNotHaveBean("asyncBatchersEndpoint"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEndpointThatNobodyHasExposedIsNotThere(boolean jmx) {
        runner.withPropertyValues("spring.jmx.enabled=" + jmx)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("asyncBatchersEndpoint"));
    }

    @Test
    void withoutActuatorThereIsNoEndpoint() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .withPropertyValues("management.endpoints.web.exposure.include=batchers")
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean("asyncBatchersEndpoint");
                    worksIn(context);
                });
    }

    @Test
    void itWorksWithoutReactor() {
        runner.withClassLoader(new FilteredClassLoader("reactor", "org.reactivestreams"))
                .run(BatcherAutoConfigurationTests::worksIn);
    }

    @Test
    void itWorksWithAllBeansLazy() {
        runner.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(BatcherAutoConfigurationTests::worksIn);
    }

    private static void worksIn(ApplicationContext context) {
        @SuppressWarnings("unchecked")
        BatcherClient<Long, String> texts = context.getBean("textsBatcherClient", BatcherClient.class);
        assertThat(texts.process(1L)).succeedsWithin(TestTimes.LONG).isEqualTo("text 1");
    }
}
