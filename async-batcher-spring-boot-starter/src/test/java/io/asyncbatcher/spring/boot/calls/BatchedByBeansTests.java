package io.asyncbatcher.spring.boot.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** The kinds of beans whose methods can have the annotation, and the kinds of batchers that it can name. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class BatchedByBeansTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0");

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

        String own(Long id) {
            return "own " + id;
        }
    }

    @Test
    void otherMethodsOfTheBeanKeepTheirBodies() {
        runner.withBean(Texts.class)
                .withBean(Lookup.class)
                .run(context ->
                        assertThat(context.getBean(Lookup.class).own(1L)).isEqualTo("own 1"));
    }

    @Test
    void otherBeansAreLeftAlone() {
        runner.withBean(Texts.class)
                .run(context -> assertThat(AopUtils.isAopProxy(context.getBean(Texts.class)))
                        .isFalse());
    }

    static class Both {
        @BatchedBy("texts")
        String text(Long id) {
            throw new AssertionError("not through the proxy");
        }

        @Batched("texts")
        List<String> load(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    @Test
    void oneBeanMayHaveBothMethods() {
        runner.withBean(Both.class)
                .run(context -> assertThat(context.getBean(Both.class).text(1L)).isEqualTo("text 1"));
    }

    interface Finder<K, V> {
        V find(K key);
    }

    static class FinderOfTexts implements Finder<Long, String> {
        @Override
        @BatchedBy("texts")
        public String find(Long key) {
            throw new AssertionError("not through the proxy");
        }
    }

    @Test
    void aCallThroughAGenericInterfaceIsTheSame() {
        runner.withBean(Texts.class).withBean(FinderOfTexts.class).run(context -> {
            @SuppressWarnings("unchecked")
            Finder<Long, String> finder = context.getBean(Finder.class);
            assertThat(finder.find(1L)).isEqualTo("text 1");
        });
    }

    @Test
    void aProxyMayBeOfInterfacesOnly() {
        runner.withPropertyValues("spring.aop.proxy-target-class=false")
                .withBean(Texts.class)
                .withBean(FinderOfTexts.class)
                .run(context -> {
                    @SuppressWarnings("unchecked")
                    Finder<Long, String> finder = context.getBean(Finder.class);
                    assertThat(AopUtils.isJdkDynamicProxy(finder)).isTrue();
                    assertThat(finder.find(1L)).isEqualTo("text 1");
                });
    }

    interface AnnotatedFinder {
        @BatchedBy("texts")
        String find(Long key);
    }

    static class OrdinaryFinder implements AnnotatedFinder {
        @Override
        public String find(Long key) {
            throw new AssertionError("not through the proxy");
        }
    }

    @Test
    void anAnnotationOnAnInterfaceCounts() {
        runner.withBean(Texts.class)
                .withBean(OrdinaryFinder.class)
                .run(context -> assertThat(
                                context.getBean(AnnotatedFinder.class).find(1L))
                        .isEqualTo("text 1"));
    }

    @Test
    void aProxyOfAnotherMakingCountsToo() {
        runner.withBean(Texts.class)
                .withBean(AnnotatedFinder.class, () -> (AnnotatedFinder) Proxy.newProxyInstance(
                        AnnotatedFinder.class.getClassLoader(),
                        new Class<?>[] {AnnotatedFinder.class},
                        (proxy, method, arguments) -> {
                            throw new AssertionError("not through our proxy");
                        }))
                .run(context -> assertThat(
                                context.getBean(AnnotatedFinder.class).find(1L))
                        .isEqualTo("text 1"));
    }

    @Configuration(proxyBeanMethods = false)
    static class DeclaredAsInterface {
        @Bean
        @SuppressWarnings("rawtypes")
        Finder finder() {
            return new FinderOfTexts();
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void anAnnotationThatTheDeclaredTypeHidesCountsToo() {
        runner.withBean(Texts.class)
                .withUserConfiguration(DeclaredAsInterface.class)
                .run(context ->
                        assertThat(context.getBean(Finder.class).find(1L)).isEqualTo("text 1"));
    }

    static class Meta {
        @FromTexts
        String text(Long id) {
            throw new AssertionError("not through the proxy");
        }

        @From("${which}")
        String named(Long id) {
            throw new AssertionError("not through the proxy");
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @BatchedBy("texts")
    @interface FromTexts {}

    @Retention(RetentionPolicy.RUNTIME)
    @BatchedBy("")
    @interface From {
        @AliasFor(annotation = BatchedBy.class, attribute = "value")
        String value();
    }

    @Test
    void metaAnnotationsAndPlaceholdersWork() {
        runner.withPropertyValues("which=texts")
                .withBean(Texts.class)
                .withBean(Meta.class)
                .run(context -> {
                    assertThat(context.getBean(Meta.class).text(1L)).isEqualTo("text 1");
                    assertThat(context.getBean(Meta.class).named(2L)).isEqualTo("text 2");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Advice {

        private static final List<String> CALLS = new ArrayList<>();

        @Bean
        static MethodInterceptor advice() {
            CALLS.clear();
            return invocation -> {
                CALLS.add(invocation.getMethod().getName());
                return invocation.proceed() + ", advised";
            };
        }

        @Bean
        static BeanNameAutoProxyCreator creator() {
            BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
            creator.setBeanNames("advised*");
            creator.setInterceptorNames("advice");
            creator.setProxyTargetClass(true);
            return creator;
        }
    }

    @Test
    void otherAdviceComesBeforeTheBatch() {
        runner.withUserConfiguration(Advice.class)
                .withBean(Texts.class)
                .withBean("advisedLookup", Lookup.class)
                .run(context -> {
                    Lookup lookup = context.getBean(Lookup.class);
                    assertThat(lookup.text(1L)).isEqualTo("text 1, advised");
                    assertThat(Advice.CALLS).containsExactly("text");
                    assertThat(((Advised) lookup).getAdvisors()).hasSize(2);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Scoped {
        @Bean
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Lookup scopedLookup() {
            return new Lookup();
        }
    }

    @Test
    void aBeanOfAnyScopeMayCall() {
        runner.withInitializer(context -> context.getBeanFactory().registerScope("thread", new SimpleThreadScope()))
                .withUserConfiguration(Scoped.class)
                .withBean(Texts.class)
                .run(context ->
                        assertThat(context.getBean(Lookup.class).text(1L)).isEqualTo("text 1"));
    }

    static class CallsAtOnce {
        private final String text;

        CallsAtOnce(Lookup lookup) {
            text = lookup.text(1L);
        }
    }

    @Test
    void itCanBeCalledWhileTheContextStarts() {
        runner.withBean(CallsAtOnce.class)
                .withBean(Lookup.class)
                .withBean(Texts.class)
                .run(context ->
                        assertThat(context.getBean(CallsAtOnce.class).text).isEqualTo("text 1"));
    }

    @Configuration(proxyBeanMethods = false)
    static class HandMade {
        @Bean
        AsyncBatcher<Long, String> some() {
            return batcher("texts");
        }

        static AsyncBatcher<Long, String> batcher(String name) {
            return AsyncBatcher.<Long, String>builder(
                            ids -> ids.stream().map(id -> name + " " + id).toList())
                    .name(name)
                    .maxQueueTime(Duration.ZERO)
                    .build();
        }
    }

    @Test
    void aBatcherThatTheApplicationDeclaresIsKnownByItsName() {
        runner.withUserConfiguration(HandMade.class)
                .withBean(Lookup.class)
                .run(context ->
                        assertThat(context.getBean(Lookup.class).text(1L)).isEqualTo("texts 1"));
    }

    @Test
    void aBatcherOfOnesOwnCanBeUsedWhileTheContextStarts() {
        runner.withBean(CallsAtOnce.class)
                .withBean(Lookup.class)
                .withUserConfiguration(HandMade.class)
                .run(context ->
                        assertThat(context.getBean(CallsAtOnce.class).text).isEqualTo("texts 1"));
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoLazyOnes {
        @Bean
        @Lazy
        AsyncBatcher<Long, String> some() {
            return HandMade.batcher("others");
        }

        @Bean
        @Lazy
        AsyncBatcher<Long, String> others() {
            return HandMade.batcher("texts");
        }
    }

    @Test
    void aLazyBatcherIsKnownByItsNameAndNotByThatOfItsBean() {
        runner.withUserConfiguration(TwoLazyOnes.class)
                .withBean(Lookup.class)
                .run(context ->
                        assertThat(context.getBean(Lookup.class).text(1L)).isEqualTo("texts 1"));
    }

    @Test
    void itWorksWithAllBeansLazy() {
        runner.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withUserConfiguration(HandMade.class)
                .withBean(Lookup.class)
                .run(context ->
                        assertThat(context.getBean(Lookup.class).text(1L)).isEqualTo("texts 1"));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(BatcherAutoConfiguration.class)
    @Import({Texts.class, Lookup.class})
    static class Application {}

    @Nested
    @SpringJUnitConfig(Application.class)
    class InATest {

        @MockitoBean
        private BatcherClient<Long, String> texts;

        @Autowired
        private Lookup lookup;

        @Test
        void aMockedClientIsUsed() {
            given(texts.process(1L)).willReturn(CompletableFuture.completedFuture("mocked"));
            assertThat(lookup.text(1L)).isEqualTo("mocked");
        }
    }

    @Nested
    @SpringJUnitConfig(Application.class)
    class InAnotherTest {

        @MockitoBean
        private Lookup lookup;

        @Test
        void theBeanCanBeMocked() {
            given(lookup.text(1L)).willReturn("mocked");
            assertThat(lookup.text(1L)).isEqualTo("mocked");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(BatcherAutoConfiguration.class)
    @Import(Lookup.class)
    static class ApplicationWithItsOwn {
        @Bean
        AsyncBatcher<Long, String> texts() {
            return HandMade.batcher("texts");
        }
    }

    @Nested
    @SpringJUnitConfig(ApplicationWithItsOwn.class)
    class InATestOfAnotherApplication {

        @MockitoBean
        private AsyncBatcher<Long, String> texts;

        @Autowired
        private Lookup lookup;

        @Test
        void aMockedBatcherIsKnownByTheNameOfItsBean() {
            given(texts.process(1L)).willReturn(CompletableFuture.completedFuture("mocked"));
            assertThat(lookup.text(1L)).isEqualTo("mocked");
        }
    }
}
