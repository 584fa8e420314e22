package io.asyncbatcher.spring.boot.methods;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A batcher's name may be made of its bean's, so that beans with one method in common get a batcher each. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class BeanNamesInNamesTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0");

    static class Prices {

        private final String shop;

        Prices(String shop) {
            this.shop = shop;
        }

        @Batched("{beanName}-prices")
        List<String> find(List<Long> ids) {
            return ids.stream().map(id -> shop + " " + id).toList();
        }
    }

    record Shops(
            @Qualifier("books-prices") BatcherClient<Long, String> books, BatcherClient<Long, String> toysPrices) {}

    @Test
    void twoBeansOfOneClassAreTwoBatchers() {
        runner.withBean("books", Prices.class, () -> new Prices("books"))
                .withBean("toys", Prices.class, () -> new Prices("toys"))
                .withBean(Shops.class)
                .withPropertyValues("batcher.instances.books-prices.max-batch-size=7")
                .run(context -> {
                    Shops shops = context.getBean(Shops.class);
                    assertThat(shops.books().process(1L))
                            .succeedsWithin(TestTimes.LONG)
                            .isEqualTo("books 1");
                    assertThat(shops.toysPrices().process(1L))
                            .succeedsWithin(TestTimes.LONG)
                            .isEqualTo("toys 1");
                    assertThat(context.getBean("books-pricesBatcherClient", AsyncBatcher.class)
                                    .options()
                                    .maxBatchSize())
                            .isEqualTo(7);
                });
    }

    abstract static class Loader<K, V> {
        @Batched("${prefix}-{beanName}")
        List<V> load(List<K> keys) {
            return keys.stream().map(this::one).toList();
        }

        abstract V one(K key);
    }

    static class Texts extends Loader<Long, String> {
        @Override
        String one(Long key) {
            return "text " + key;
        }
    }

    static class Hosts extends Loader<URI, String> {
        @Override
        String one(URI key) {
            return key.getHost();
        }
    }

    record Loaders(BatcherClient<Long, String> texts, BatcherClient<URI, String> hosts) {}

    @Test
    void twoSubclassesOfAGenericBaseAreTwoBatchers() {
        runner.withBean("texts", Texts.class)
                .withBean("hosts", Hosts.class)
                .withBean(Loaders.class)
                .withPropertyValues("prefix=all")
                .run(context -> {
                    assertThat(context.getBean(Loaders.class).hosts().process(URI.create("http://a/b")))
                            .succeedsWithin(TestTimes.LONG)
                            .isEqualTo("a");
                    assertThat(context.getBean(Batchers.class).all())
                            .extracting(AsyncBatcher::name)
                            .containsExactly("all-hosts", "all-texts");
                });
    }

    @Test
    void theBeansNameAloneIsAName() {
        class Local {
            @Batched("{beanName}")
            List<String> load(List<Long> ids) {
                return ids.stream().map(String::valueOf).toList();
            }
        }
        record User(@Qualifier("texts") BatcherClient<Long, String> client) {}
        runner.withBean("texts", Local.class, Local::new)
                .withBean(User.class)
                .run(context -> assertThat(context.getBean(User.class).client().process(1L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo("1"));
    }

    @Test
    void aBeansNameThatCannotBeOneIsToBeChanged() {
        runner.withBean("com.acme.Prices#0", Prices.class, () -> new Prices("books"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(BatcherConfigurationException.class, failure -> {
                            assertThat(failure.description())
                                    .isEqualTo("The name of @Batched on " + Prices.class.getName()
                                            + ".find(List) is not allowed: name must begin with a letter and consist of"
                                            + " letters, digits, '-' and '_', but is 'com.acme.Prices#0-prices'.");
                            assertThat(failure.action())
                                    .isEqualTo("Give the bean another name, which '{beanName}-prices' is made of.");
                        }));
    }

    @Test
    void theFailureOfTwoBeansOfOneMethodSaysSo() {
        class Local {
            @Batched
            List<String> prices(List<Long> ids) {
                return List.of();
            }
        }
        runner.withBean("books", Local.class, Local::new)
                .withBean("toys", Local.class, Local::new)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(
                                BatcherConfigurationException.class,
                                failure -> assertThat(failure.action())
                                        .isEqualTo("Give one of them another name, as in @Batched(\"prices2\"). Beans"
                                                + " that have one method in common get a batcher each by the name of"
                                                + " the bean, as in @Batched(\"{beanName}-prices\").")));
    }
}
