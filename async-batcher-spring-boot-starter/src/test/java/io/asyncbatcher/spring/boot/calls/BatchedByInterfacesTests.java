package io.asyncbatcher.spring.boot.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.BatchedByFactory;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Interfaces that nobody implements but the factory. */
class BatchedByInterfacesTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0")
            .withBean(Texts.class);

    static class Texts {
        @Batched("texts")
        List<String> load(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    interface TextLookup {
        @BatchedBy("texts")
        String text(Long id);

        @BatchedBy("texts")
        CompletableFuture<String> future(Long id);

        default String byName(String name) {
            return text(Long.valueOf(name));
        }

        default String any() {
            return "any";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Lookups {
        @Bean
        TextLookup textLookup(BatchedByFactory factory) {
            return factory.create(TextLookup.class);
        }
    }

    @Test
    void anInterfaceIsABean() {
        record User(TextLookup lookup) {}
        runner.withUserConfiguration(Lookups.class).withBean(User.class).run(context -> {
            TextLookup lookup = context.getBean(User.class).lookup();
            assertThat(lookup.text(1L)).isEqualTo("text 1");
            assertThat(lookup.future(2L)).succeedsWithin(TestTimes.LONG).isEqualTo("text 2");
        });
    }

    @Test
    void itNeedsNoSecondProxy() {
        runner.withUserConfiguration(Lookups.class)
                .run(context -> assertThat(Proxy.getInvocationHandler(context.getBean(TextLookup.class)))
                        .isInstanceOf(BatchedByProxies.Implementation.class));
    }

    @Test
    void defaultMethodsKeepTheirBodies() {
        runner.withUserConfiguration(Lookups.class).run(context -> {
            TextLookup lookup = context.getBean(TextLookup.class);
            assertThat(lookup.byName("3")).isEqualTo("text 3");
            assertThat(lookup.any()).isEqualTo("any");
        });
    }

    @Test
    void itIsAnObjectLikeAnyOther() {
        runner.withUserConfiguration(Lookups.class).run(context -> {
            TextLookup lookup = context.getBean(TextLookup.class);
            TextLookup another = context.getBean(BatchedByFactory.class).create(TextLookup.class);
            assertThat(Set.of(lookup, another)).contains(lookup, another);
            assertThat(lookup).isNotEqualTo(another);
            assertThat(lookup).hasToString("@BatchedBy " + TextLookup.class.getName());
        });
    }

    interface Finder<K, V> {
        @BatchedBy("texts")
        V find(K key);
    }

    interface TextFinder extends Finder<Long, String> {
        @Override
        boolean equals(Object other);
    }

    @Test
    void inheritedMethodsCount() {
        runner.run(context -> assertThat(context.getBean(BatchedByFactory.class)
                        .create(TextFinder.class)
                        .find(1L))
                .isEqualTo("text 1"));
    }

    interface Unfinished {
        @BatchedBy("texts")
        String text(Long id);

        String title(Long id);
    }

    @Test
    void aMethodThatNothingImplementsIsRefused() {
        refuses(
                Unfinished.class,
                "The method " + Unfinished.class.getName()
                        + ".title(Long) isn't @BatchedBy a batcher, so that the BatchedByFactory can't implement it.",
                "Annotate it with @BatchedBy, or give it a body.");
    }

    abstract static class NoInterface {
        @BatchedBy("texts")
        abstract String text(Long id);
    }

    @Test
    void aClassIsRefused() {
        refuses(
                NoInterface.class,
                "The BatchedByFactory is to implement " + NoInterface.class.getName() + ", which is no interface.",
                "Make it one, or declare it as a bean of its own: a class's methods are @BatchedBy without a factory.");
    }

    private void refuses(Class<?> type, String description, String action) {
        runner.run(context -> assertThatExceptionOfType(BatcherConfigurationException.class)
                .isThrownBy(() -> context.getBean(BatchedByFactory.class).create(type))
                .satisfies(failure -> {
                    assertThat(failure.description()).isEqualTo(description);
                    assertThat(failure.action()).isEqualTo(action);
                }));
    }
}
