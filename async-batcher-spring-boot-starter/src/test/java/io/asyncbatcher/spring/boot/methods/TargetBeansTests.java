package io.asyncbatcher.spring.boot.methods;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The kinds of beans whose methods can be batchers: lazy ones, proxies. */
@ExtendWith(OutputCaptureExtension.class)
class TargetBeansTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0");

    @SuppressWarnings("unchecked")
    private static BatcherClient<Long, String> client(ApplicationContext context) {
        return context.getBean("textsBatcherClient", BatcherClient.class);
    }

    static class Texts {

        static final AtomicInteger CREATED = new AtomicInteger();

        private final int number = CREATED.incrementAndGet();

        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> number + ": text " + id).toList();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyBean {
        @Bean
        @Lazy
        Texts lazyTexts() {
            return new Texts();
        }
    }

    @Test
    void aLazyBeanIsMadeWithTheFirstItem() {
        Texts.CREATED.set(0);
        runner.withUserConfiguration(LazyBean.class).run(context -> {
            assertThat(Texts.CREATED).hasValue(0);
            assertThat(client(context).process(1L))
                    .succeedsWithin(TestTimes.LONG)
                    .isEqualTo("1: text 1");
            assertThat(client(context).process(2L))
                    .succeedsWithin(TestTimes.LONG)
                    .isEqualTo("1: text 2");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class BrokenLazyBean {
        @Bean
        @Lazy
        Texts lazyTexts() {
            throw new IllegalStateException("no texts today");
        }
    }

    @Test
    void aBeanThatCannotBeMadeIsARefusalLikeAnyOther() {
        runner.withUserConfiguration(BrokenLazyBean.class)
                .run(context -> assertThat(client(context).process(1L))
                        .failsWithin(TestTimes.LONG)
                        .withThrowableThat()
                        .withStackTraceContaining("no texts today"));
    }

    @Configuration(proxyBeanMethods = false)
    static class ScopedBean {
        @Bean
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Texts scopedTexts() {
            return new Texts();
        }
    }

    @Test
    void aScopedProxyHasTheMethodsOfWhatItStandsFor() {
        runner.withInitializer(context -> context.getBeanFactory().registerScope("thread", new SimpleThreadScope()))
                .withUserConfiguration(ScopedBean.class)
                .run(context -> assertThat(client(context).process(1L))
                        .succeedsWithin(TestTimes.LONG)
                        .asString()
                        .endsWith(": text 1"));
    }

    @Configuration(proxyBeanMethods = false)
    static class RequestScopedProxy {
        @Bean
        @Scope(scopeName = "request", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Texts scopedTexts() {
            return new Texts();
        }
    }

    @Test
    void aScopedProxyOfOneRequestIsRefused() {
        runner.withUserConfiguration(RequestScopedProxy.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("its bean 'scopedTexts' lives in the scope 'request'"));
    }

    /** Advice of any kind, as for transactions. */
    static class Advice {

        static final AtomicInteger CALLS = new AtomicInteger();

        @Bean
        static MethodInterceptor advice() {
            CALLS.set(0);
            return invocation -> {
                CALLS.incrementAndGet();
                return invocation.proceed();
            };
        }

        static BeanNameAutoProxyCreator proxies(boolean ofClass) {
            BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
            creator.setBeanNames("advised*");
            creator.setInterceptorNames("advice");
            creator.setProxyTargetClass(ofClass);
            return creator;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SubclassProxies extends Advice {
        @Bean
        static BeanNameAutoProxyCreator creator() {
            return proxies(true);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class InterfaceProxies extends Advice {
        @Bean
        static BeanNameAutoProxyCreator creator() {
            return proxies(false);
        }
    }

    @Test
    void adviceOfASubclassProxyIsCalledOnceABatch() {
        runner.withUserConfiguration(SubclassProxies.class)
                .withBean("advisedTexts", Texts.class)
                .run(context -> {
                    assertThat(AopUtils.isCglibProxy(context.getBean("advisedTexts")))
                            .isTrue();
                    assertThat(client(context).process(1L)).succeedsWithin(TestTimes.LONG);
                    assertThat(Advice.CALLS).hasValue(1);
                });
    }

    interface Reader {
        List<String> texts(List<Long> ids);
    }

    static class AnnotatedReader implements Reader {
        @Override
        @Batched
        public List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    @Test
    void adviceOfAnInterfaceProxyIsCalledOnceABatch() {
        runner.withUserConfiguration(InterfaceProxies.class)
                .withBean("advisedReader", AnnotatedReader.class)
                .run(context -> {
                    assertThat(AopUtils.isJdkDynamicProxy(context.getBean("advisedReader")))
                            .isTrue();
                    assertThat(client(context).process(1L))
                            .succeedsWithin(TestTimes.LONG)
                            .isEqualTo("text 1");
                    assertThat(Advice.CALLS).hasValue(1);
                });
    }

    static class FinalMethod {
        @Batched
        final List<String> texts(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aFinalMethodBehindASubclassProxyStopsTheStart() {
        runner.withUserConfiguration(SubclassProxies.class)
                .withBean("advisedTexts", FinalMethod.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(BatcherConfigurationException.class)
                        .hasMessage("The method " + FinalMethod.class.getName()
                                + ".texts(List) can't be @Batched: it is final, so that the proxy of bean"
                                + " 'advisedTexts' can't pass it on. Remove 'final' from it."));
    }

    @Test
    void aFinalMethodWithoutAProxyIsFine() {
        runner.withBean(FinalMethod.class).run(context -> assertThat(context).hasNotFailed());
    }

    static class TransactionalTexts {
        @Batched
        @Transactional
        List<String> texts(List<Long> ids) {
            String transaction = TransactionSynchronizationManager.getCurrentTransactionName();
            return ids.stream().map(id -> transaction + ": text " + id).toList();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(proxyTargetClass = true)
    static class Transactions {
        @Bean
        PlatformTransactionManager transactionManager() {
            return new AbstractPlatformTransactionManager() {
                private static final long serialVersionUID = 1L;

                @Override
                protected Object doGetTransaction() {
                    return this;
                }

                @Override
                protected void doBegin(Object transaction, TransactionDefinition definition) {}

                @Override
                protected void doCommit(DefaultTransactionStatus status) {}

                @Override
                protected void doRollback(DefaultTransactionStatus status) {}
            };
        }
    }

    @Test
    void aBatchRunsInATransactionWhereTheMethodSaysSo() {
        runner.withUserConfiguration(Transactions.class)
                .withBean(TransactionalTexts.class)
                .run(context -> assertThat(client(context).process(1L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo(TransactionalTexts.class.getName() + ".texts: text 1"));
    }

    interface Nothing {
        @SuppressWarnings("unused")
        void nothing();
    }

    static class MethodNotInInterface extends Texts implements Nothing {
        @Override
        public void nothing() {}
    }

    @Test
    void anInterfaceProxyWithoutTheMethodStopsTheStart() {
        runner.withUserConfiguration(InterfaceProxies.class)
                .withBean("advisedTexts", MethodNotInInterface.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(BatcherConfigurationException.class, failure -> {
                            assertThat(failure.description())
                                    .isEqualTo("The method " + Texts.class.getName()
                                            + ".texts(List) can't be @Batched: the proxy of bean 'advisedTexts'"
                                            + " doesn't have it.");
                            assertThat(failure.action()).contains("spring.aop.proxy-target-class=true");
                        }));
    }

    @Configuration(proxyBeanMethods = false)
    static class DeclaredAsInterface {
        @Bean
        Reader reader() {
            return new AnnotatedReader();
        }
    }

    @Test
    void anAnnotationThatTheDeclaredTypeHidesIsPointedAt(CapturedOutput output) {
        runner.withUserConfiguration(DeclaredAsInterface.class).run(context -> {
            assertThat(context).doesNotHaveBean("textsBatcherClient");
            assertThat(output)
                    .contains("No batcher was made of " + AnnotatedReader.class.getName() + ".texts(List): its bean"
                            + " 'reader' is declared as " + Reader.class.getName() + ", which hides the annotation."
                            + " Declare the bean as " + AnnotatedReader.class.getName()
                            + ", or annotate the method of the interface.");
        });
    }

    @Test
    void aVisibleAnnotationIsNotPointedAt(CapturedOutput output) {
        runner.withUserConfiguration(SubclassProxies.class)
                .withBean("advisedTexts", Texts.class)
                .run(context -> assertThat(output).doesNotContain("No batcher was made"));
    }
}
