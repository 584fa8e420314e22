package io.asyncbatcher.spring.boot.methods;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.Scope;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

/** Beans that would not be what their declaration says if their method were a batcher. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class TargetScopesTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0");

    static class Texts {
        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    private static void failsWith(ApplicationContextRunner runner, String description, String action) {
        runner.run(context -> assertThat(context)
                .getFailure()
                .isInstanceOfSatisfying(BatcherConfigurationException.class, failure -> {
                    assertThat(failure.description()).isEqualTo(description);
                    assertThat(failure.action()).isEqualTo(action);
                }));
    }

    private static String texts(String reason) {
        return "The method " + Texts.class.getName() + ".texts(List) can't be @Batched: " + reason;
    }

    @Configuration(proxyBeanMethods = false)
    static class Prototype {
        @Bean
        @org.springframework.context.annotation.Scope(BeanDefinition.SCOPE_PROTOTYPE)
        Texts bean() {
            return new Texts();
        }
    }

    private static final String NO_SINGLETON =
            "Make the bean a singleton, or, where its scope has one instance at a" + " time, give it a scoped proxy.";

    @Test
    void aPrototypeWouldBeOneInstanceForEver() {
        failsWith(
                runner.withUserConfiguration(Prototype.class),
                texts("its bean 'bean' has the scope 'prototype', but a batcher would use one instance forever."),
                "Make the bean a singleton.");
    }

    @Configuration(proxyBeanMethods = false)
    static class ProxiedPrototype {
        @Bean
        @org.springframework.context.annotation.Scope(
                scopeName = BeanDefinition.SCOPE_PROTOTYPE,
                proxyMode = ScopedProxyMode.TARGET_CLASS)
        Texts bean() {
            return new Texts();
        }
    }

    @Test
    void aProxiedPrototypeIsAnInstanceForEachBatch() {
        runner.withUserConfiguration(ProxiedPrototype.class)
                .run(context -> assertThat(client(context).process(1L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo("text 1"));
    }

    @Configuration(proxyBeanMethods = false)
    static class FactoryOfMany {
        @Bean
        FactoryBean<Texts> bean() {
            return new FactoryBean<>() {
                @Override
                public Texts getObject() {
                    return new Texts();
                }

                @Override
                public Class<?> getObjectType() {
                    return Texts.class;
                }

                @Override
                public boolean isSingleton() {
                    return false;
                }
            };
        }
    }

    @Test
    void aFactoryOfManyWouldBeOneInstanceForEver() {
        failsWith(
                runner.withUserConfiguration(FactoryOfMany.class),
                texts("its bean 'bean' is made anew each time, but a batcher would use one instance forever."),
                "Make the bean a singleton.");
    }

    private static ApplicationContextRunner scoped(
            ApplicationContextRunner runner, String name, Scope scope, Class<?> configuration) {
        return runner.withInitializer(context -> context.getBeanFactory().registerScope(name, scope))
                .withUserConfiguration(configuration);
    }

    @Configuration(proxyBeanMethods = false)
    static class WithoutProxy {
        @Bean
        @org.springframework.context.annotation.Scope("tenant")
        Texts bean() {
            return new Texts();
        }
    }

    @Test
    void aScopeWithoutAProxyWouldBeOneInstanceForEver() {
        failsWith(
                scoped(runner, "tenant", new SimpleThreadScope(), WithoutProxy.class),
                texts("its bean 'bean' has the scope 'tenant', but a batcher would use one instance forever."),
                NO_SINGLETON);
    }

    /** As scopes of a step, a message or a view are: there only on the thread of somebody. */
    static final class Inactive implements Scope {
        @Override
        public Object get(String name, ObjectFactory<?> objectFactory) {
            throw new IllegalStateException("nobody is here");
        }

        @Override
        public Object remove(String name) {
            return "";
        }

        @Override
        public void registerDestructionCallback(String name, Runnable callback) {}

        @Override
        public Object resolveContextualObject(String key) {
            return "";
        }

        @Override
        public String getConversationId() {
            return "";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"request", "session", "websocket", "step", "job"})
    void theScopeOfACallerIsRefusedAlsoWithAProxy(String scope) {
        failsWith(
                runner.withInitializer(context -> {
                    context.getBeanFactory().registerScope(scope, new Inactive());
                    RootBeanDefinition target = new RootBeanDefinition(Texts.class);
                    target.setScope(scope);
                    BeanDefinitionRegistry registry = (BeanDefinitionRegistry) context.getBeanFactory();
                    BeanDefinitionHolder proxy = ScopedProxyUtils.createScopedProxy(
                            new BeanDefinitionHolder(target, "bean"), registry, true);
                    registry.registerBeanDefinition("bean", proxy.getBeanDefinition());
                }),
                texts("its bean 'bean' lives in the scope '" + scope
                        + "' of one caller, but a batch has items of many."),
                "Move the method to a bean of singleton scope, and hand over what it needs in the item.");
    }

    @Configuration(proxyBeanMethods = false)
    static class WithProxy {
        @Bean
        @org.springframework.context.annotation.Scope(scopeName = "tenant", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Texts bean() {
            return new Texts();
        }
    }

    @Test
    void anItemIsToldOfAScopeThatIsNotThereOnTheBatchsThread() {
        scoped(runner, "tenant", new Inactive(), WithProxy.class)
                .run(context -> assertThat(client(context).process(1L))
                        .failsWithin(TestTimes.LONG)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOf(BatcherConfigurationException.class)
                        .withMessage(texts("the scope 'tenant' of its bean 'bean' is not active on the thread of a"
                                + " batch. Move the method to a bean of singleton scope, and hand over what it needs in"
                                + " the item.")));
    }

    private static final String ASYNC =
            "it is @Async, so that Spring would run it on another thread, and report a batch"
                    + " as done before it is.";
    private static final String ASYNC_REMEDY =
            "Remove @Async: a batch runs on a thread of its own. The option 'executor'"
                    + " says on which. Or return a CompletableFuture.";

    @Test
    void anAsyncMethodWouldReportSuccessTooEarly() {
        class Local {
            @Batched
            @Async
            void texts(List<Long> ids) {}
        }
        failsWith(
                runner.withBean(Local.class, Local::new),
                "The method " + Local.class.getName() + ".texts(List) can't be @Batched: " + ASYNC,
                ASYNC_REMEDY);
    }

    @Test
    void soWouldAMethodOfAnAsyncClass() {
        @Async
        class Local {
            @Batched
            List<String> texts(List<Long> ids) {
                return List.of();
            }
        }
        failsWith(
                runner.withBean(Local.class, Local::new),
                "The method " + Local.class.getName() + ".texts(List) can't be @Batched: " + ASYNC,
                ASYNC_REMEDY);
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Elsewhere {}

    @Configuration(proxyBeanMethods = false)
    @EnableAsync(annotation = Elsewhere.class, proxyTargetClass = true)
    static class OtherAsync {
        @Bean
        Executor taskExecutor() {
            return Executors.newCachedThreadPool();
        }

        @Bean
        Elsewheres elsewheres() {
            return new Elsewheres();
        }
    }

    static class Elsewheres {
        @Batched
        @Elsewhere
        void texts(List<Long> ids) {}
    }

    @Test
    void soWouldAMethodWithAnAnnotationThatMeansTheSame() {
        failsWith(
                runner.withUserConfiguration(OtherAsync.class),
                "The method " + Elsewheres.class.getName() + ".texts(List) can't be @Batched: " + ASYNC,
                ASYNC_REMEDY);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync(proxyTargetClass = true)
    static class AsyncFutures {
        @Bean
        Executor taskExecutor() {
            return Executors.newCachedThreadPool();
        }

        @Bean
        Futures futures() {
            return new Futures();
        }
    }

    static class Futures {
        @Batched
        @Async
        CompletableFuture<List<String>> texts(List<Long> ids) {
            return CompletableFuture.completedFuture(
                    ids.stream().map(id -> "text " + id).toList());
        }
    }

    @Test
    void anAsyncMethodThatReturnsItsFutureTellsItsEnd() {
        runner.withUserConfiguration(AsyncFutures.class)
                .run(context -> assertThat(client(context).process(1L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo("text 1"));
    }

    @SuppressWarnings("unchecked")
    private static BatcherClient<Long, String> client(ApplicationContext context) {
        return context.getBean("textsBatcherClient", BatcherClient.class);
    }
}
