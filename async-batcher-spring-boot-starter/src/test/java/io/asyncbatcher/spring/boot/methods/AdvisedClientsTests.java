package io.asyncbatcher.spring.boot.methods;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.spring.boot.actuate.ShownBatchers;
import io.asyncbatcher.spring.boot.elsewhere.Inherited;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.RootClassFilter;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Clients that an application puts a proxy around, or hands on by a bean of its own. */
class AdvisedClientsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0", "management.endpoints.web.exposure.include=batchers")
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new);

    static class Texts {
        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    record User(BatcherClient<Long, String> client) {}

    /** Advice that counts. */
    static class Advice {

        static final AtomicInteger CALLS = new AtomicInteger();

        @Bean
        static MethodInterceptor counting() {
            CALLS.set(0);
            return invocation -> {
                CALLS.incrementAndGet();
                return invocation.proceed();
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AdvisorOfClients extends Advice {
        @Bean
        static Advisor advisor(MethodInterceptor counting) {
            StaticMethodMatcherPointcut clients = new StaticMethodMatcherPointcut() {
                @Override
                public boolean matches(Method method, Class<?> targetClass) {
                    return true;
                }
            };
            clients.setClassFilter(new RootClassFilter(BatcherClient.class));
            return new DefaultPointcutAdvisor(clients, counting);
        }

        @Bean
        static DefaultAdvisorAutoProxyCreator creator() {
            DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
            creator.setProxyTargetClass(true);
            return creator;
        }
    }

    @Test
    void adviceOnAClientIsCalledOnceAnItem() {
        runner.withUserConfiguration(AdvisorOfClients.class)
                .withBean(Texts.class)
                .withBean(User.class)
                .run(context -> {
                    BatcherClient<Long, String> client =
                            context.getBean(User.class).client();
                    assertThat(AopUtils.isCglibProxy(client)).isTrue();
                    int before = Advice.CALLS.get();
                    assertThat(client.process(1L))
                            .succeedsWithin(TestTimes.LONG)
                            .isEqualTo("text 1");
                    context.getBean(MeterRegistry.class)
                            .get("batcher.queued")
                            .gauge()
                            .value();
                    ShownBatchers.names(context);
                    assertThat(Advice.CALLS.get() - before).isOne();
                });
    }

    @Test
    void adviceOnADeclaredBatcherIsCalledOnceAnItem() {
        runner.withUserConfiguration(AdvisorOfClients.class)
                .withBean(
                        "own",
                        AsyncBatcher.class,
                        () -> AsyncBatcher.<Long, Long>builder(List::copyOf)
                                .name("own")
                                .maxBatchSize(1)
                                .build())
                .run(context -> {
                    @SuppressWarnings("unchecked")
                    AsyncBatcher<Long, Long> own = context.getBean("own", AsyncBatcher.class);
                    assertThat(AopUtils.isCglibProxy(own)).isTrue();
                    int before = Advice.CALLS.get();
                    assertThat(own.process(1L)).succeedsWithin(TestTimes.LONG).isEqualTo(1L);
                    assertThat(Advice.CALLS.get() - before).isOne();
                });
    }

    @Test
    void anAdvisedClientIsClosedWithItsContext() {
        runner.withUserConfiguration(AdvisorOfClients.class)
                .withBean(Texts.class)
                .withPropertyValues("batcher.max-queue-time=10m")
                .run(context -> {
                    @SuppressWarnings("unchecked")
                    BatcherClient<Long, String> client = context.getBean("textsBatcherClient", BatcherClient.class);
                    CompletableFuture<String> future = client.process(1L);
                    context.close();
                    assertThat(future).isCompletedWithValue("text 1");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class ProxiesOfEverything extends Advice {

        private static BeanNameAutoProxyCreator creator(String... names) {
            BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
            creator.setBeanNames(names);
            creator.setInterceptorNames("counting");
            creator.setProxyTargetClass(true);
            return creator;
        }

        @Bean
        static BeanNameAutoProxyCreator creator() {
            return creator("*atcher*");
        }
    }

    @Test
    void anAutoProxyCreatorThatMatchesEveryBeanOfTheStarterDoesNoHarm() {
        runner.withUserConfiguration(ProxiesOfEverything.class)
                .withBean(Texts.class)
                .withBean(User.class)
                .run(context -> assertThat(context.getBean(User.class).client().process(1L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo("text 1"));
    }

    @Configuration(proxyBeanMethods = false)
    static class HandsOn {
        @Bean
        @Primary
        BatcherClient<Long, String> main(@Qualifier("texts") BatcherClient<Long, String> client) {
            return client;
        }
    }

    static class Titles {
        @Batched
        List<String> titles(List<Long> ids) {
            return ids.stream().map(id -> "title " + id).toList();
        }
    }

    @Test
    void aBeanMayHandOnAClient() {
        runner.withBean(Texts.class)
                .withBean(Titles.class)
                .withUserConfiguration(HandsOn.class)
                .withBean(User.class)
                .run(context -> {
                    assertThat(context.getBean(User.class).client().process(1L))
                            .succeedsWithin(TestTimes.LONG)
                            .isEqualTo("text 1");
                    assertThat(context.getBean(Batchers.class).all())
                            .extracting(AsyncBatcher::name)
                            .containsExactly("texts", "titles");
                });
    }

    @Test
    void whoHandsOnAClientClosesItAtTheEnd() {
        runner.withBean(Texts.class)
                .withUserConfiguration(HandsOn.class)
                .withPropertyValues("batcher.max-queue-time=10m")
                .run(context -> {
                    @SuppressWarnings("unchecked")
                    BatcherClient<Long, String> client = context.getBean("main", BatcherClient.class);
                    CompletableFuture<String> future = client.process(1L);
                    context.close();
                    assertThat(future).isCompletedWithValue("text 1");
                });
    }

    /** Beans of classes whose method is inherited, behind a proxy. */
    @Configuration(proxyBeanMethods = false)
    static class InheritedProxies extends Advice {
        @Bean
        static BeanNameAutoProxyCreator creator() {
            return ProxiesOfEverything.creator("inherited*");
        }
    }

    static class HereTexts extends Inherited.Texts {}

    static class HereProtectedTexts extends Inherited.ProtectedTexts {}

    static class HereLookup extends Inherited.Lookup {}

    @Test
    void aMethodThatTheProxyCannotSeeStopsTheStart() {
        runner.withUserConfiguration(InheritedProxies.class)
                .withBean("inheritedTexts", HereTexts.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(BatcherConfigurationException.class, failure -> {
                            assertThat(failure.description())
                                    .isEqualTo("The method " + Inherited.Texts.class.getName()
                                            + ".texts(List) can't be @Batched: it is package-private in another"
                                            + " package than " + HereTexts.class.getName()
                                            + ", so that the proxy of bean 'inheritedTexts' can't pass it on.");
                            assertThat(failure.action()).isEqualTo("Make it protected or public.");
                        }));
    }

    @Test
    void withoutAProxyItIsFine() {
        runner.withBean(HereTexts.class)
                .withBean(User.class)
                .run(context -> assertThat(context.getBean(User.class).client().process(1L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo("text 1"));
    }

    @Test
    void aProtectedMethodIsFine() {
        runner.withUserConfiguration(InheritedProxies.class)
                .withBean("inheritedTexts", HereProtectedTexts.class)
                .withBean(User.class)
                .run(context -> assertThat(context.getBean(User.class).client().process(1L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo("text 1"));
    }

    @Test
    void aCallThatTheProxyCannotSeeStopsTheStart() {
        runner.withBean(Texts.class)
                .withBean(HereLookup.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(BatcherConfigurationException.class)
                        .hasMessage("The method " + Inherited.Lookup.class.getName()
                                + ".text(Long) can't be @BatchedBy(\"texts\"): it is package-private in another package"
                                + " than " + HereLookup.class.getName()
                                + ", so that no proxy can take its calls. Make it protected or public."));
    }
}
