package io.asyncbatcher.spring.boot.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AliasFor;

/** How a method's client is found by those who need it. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class ClientBeansTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0");

    static class Texts {
        @Batched("texts")
        List<String> load(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    static class Numbers {
        @Batched("numbers")
        List<Integer> load(List<Long> ids) {
            return ids.stream().map(Long::intValue).toList();
        }
    }

    static class Titles {
        @Batched("titles")
        List<String> load(List<Long> ids) {
            return ids.stream().map(id -> "title " + id).toList();
        }
    }

    private static <R> R result(BatcherClient<Long, R> client, long id) {
        return client.process(id).orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void aClientIsFoundByItsGenericTypes() {
        record User(BatcherClient<Long, Integer> client) {}
        runner.withBean(User.class)
                .withBean(Texts.class)
                .withBean(Numbers.class)
                .run(context -> assertThat(result(context.getBean(User.class).client(), 7))
                        .isEqualTo(7));
    }

    @Test
    void aClientCanBeInjectedAsTheBatcherThatItIs() {
        record User(AsyncBatcher<Long, String> batcher) {}
        runner.withBean(User.class)
                .withBean(Texts.class)
                .run(context ->
                        assertThat(context.getBean(User.class).batcher().name()).isEqualTo("texts"));
    }

    @Test
    void aClientIsFoundByItsQualifier() {
        record User(@Qualifier("titles") BatcherClient<Long, String> client) {}
        runner.withBean(User.class)
                .withBean(Texts.class)
                .withBean(Titles.class)
                .run(context -> assertThat(result(context.getBean(User.class).client(), 7))
                        .isEqualTo("title 7"));
    }

    @Test
    void aClientIsFoundByItsQualifierWhereAnotherBeanHasItsName() {
        record User(@Qualifier("titles") BatcherClient<Long, String> client) {}
        runner.withBean(User.class)
                .withBean(Texts.class)
                .withBean("titles", Titles.class)
                .run(context -> {
                    assertThat(result(context.getBean(User.class).client(), 7)).isEqualTo("title 7");
                    assertThat(context.getBean("titles")).isInstanceOf(Titles.class);
                    assertThat(context.getAliases("titlesBatcherClient")).isEmpty();
                });
    }

    @Test
    void aClientIsFoundByTheNameOfTheParameter() {
        record User(BatcherClient<Long, String> titles, BatcherClient<Long, String> textsBatcherClient) {}
        runner.withBean(User.class).withBean(Texts.class).withBean(Titles.class).run(context -> {
            User user = context.getBean(User.class);
            assertThat(result(user.titles(), 7)).isEqualTo("title 7");
            assertThat(result(user.textsBatcherClient(), 7)).isEqualTo("text 7");
            assertThat(context.getAliases("titlesBatcherClient")).containsExactly("titles");
        });
    }

    @Test
    void aClientThatNothingTellsFromAnotherIsNotGuessed() {
        record User(BatcherClient<Long, String> client) {}
        runner.withBean(User.class)
                .withBean(Texts.class)
                .withBean(Titles.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(NoUniqueBeanDefinitionException.class));
    }

    @Test
    @SuppressWarnings("rawtypes")
    void allClientsComeInAMapByTheirIds() {
        record User(Map<String, BatcherClient> clients) {}
        runner.withBean(User.class)
                .withBean(Texts.class)
                .withBean(Titles.class)
                .run(context -> assertThat(context.getBean(User.class).clients())
                        .containsOnlyKeys("textsBatcherClient", "titlesBatcherClient"));
    }

    @Test
    void theAnnotatedBeanCanUseItsOwnClient() {
        runner.withBean(OwnClient.class)
                .run(context ->
                        assertThat(context.getBean(OwnClient.class).load(7)).isEqualTo("text 7"));
    }

    static class OwnClient {
        private final BatcherClient<Long, String> client;

        OwnClient(BatcherClient<Long, String> client) {
            this.client = client;
        }

        String load(long id) {
            return result(client, id);
        }

        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    @Test
    void aClientCanBeUsedWhileTheContextStarts() {
        runner.withBean(EarlyUser.class)
                .withBean(Texts.class)
                .run(context ->
                        assertThat(context.getBean(EarlyUser.class).first).isEqualTo("text 1"));
    }

    static class EarlyUser {
        private final String first;

        EarlyUser(BatcherClient<Long, String> texts) {
            first = result(texts, 1);
        }
    }

    @Test
    void theNameIsThatOfTheMethodWhereNoneIsGiven() {
        runner.withBean(OwnClient.class).run(context -> assertThat(context).hasBean("textsBatcherClient"));
    }

    @Test
    void theNameMayBeAPlaceholder() {
        class Local {
            @Batched("${prefix}-prices")
            List<String> load(List<Long> ids) {
                return List.of();
            }
        }
        runner.withPropertyValues("prefix=shop")
                .withBean(Local.class, Local::new)
                .run(context -> assertThat(context).hasBean("shop-pricesBatcherClient"));
    }

    @Test
    void aMetaAnnotationCarriesItsAttributes() {
        class Local {
            @InTens("prices")
            List<String> load(List<Long> ids) {
                return List.of();
            }
        }
        runner.withBean(Local.class, Local::new)
                .run(context -> assertThat(context.getBean("pricesBatcherClient", AsyncBatcher.class)
                                .options()
                                .maxBatchSize())
                        .isEqualTo(10));
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Batched(maxBatchSize = "10")
    @interface InTens {
        @AliasFor(annotation = Batched.class, attribute = "name")
        String value();
    }

    @Test
    void anAnnotationOnAnInterfaceCounts() {
        runner.withBean(LoaderOfTexts.class)
                .run(context -> assertThat(result(context.getBean(LoaderOfTexts.class).client, 7))
                        .isEqualTo("text 7"));
    }

    interface Loader<K, V> {
        @Batched("loaded")
        List<V> load(List<K> keys);
    }

    static class LoaderOfTexts implements Loader<Long, String> {
        @Autowired
        private BatcherClient<Long, String> client;

        @Override
        public List<String> load(List<Long> keys) {
            return keys.stream().map(id -> "text " + id).toList();
        }
    }

    @Test
    void genericsOfABeanMethodAreKnown() {
        runner.withUserConfiguration(GenericBean.class).run(context -> {
            @SuppressWarnings("unchecked")
            BatcherClient<URI, String> client = (BatcherClient<URI, String>) context.getBeanProvider(
                            ResolvableType.forClassWithGenerics(BatcherClient.class, URI.class, String.class))
                    .getObject();
            assertThat(client.process(URI.create("a:b")))
                    .succeedsWithin(TestTimes.LONG)
                    .isEqualTo("a:b");
        });
    }

    static class Printer<T> {
        @Batched
        List<String> print(List<T> items) {
            return items.stream().map(String::valueOf).collect(Collectors.toList());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class GenericBean {
        @Bean
        Printer<URI> printer() {
            return new Printer<>();
        }
    }

    @Test
    void kotlinsWildcardsAreTheirBounds() {
        class Local {
            @Batched
            List<? extends Number> sizes(List<? extends CharSequence> items) {
                return items.stream().map(CharSequence::length).toList();
            }
        }
        record User(BatcherClient<CharSequence, Number> client) {}
        runner.withBean(Local.class, Local::new)
                .withBean(User.class)
                .run(context -> assertThat(context.getBean(User.class).client().process("abc"))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo(3));
    }

    @Test
    void aClientBeanOfTheSameIdReplacesIt() {
        AsyncBatcher<Long, String> own = AsyncBatcher.<Long, String>builder(ids -> List.of("own"))
                .name("own")
                .maxBatchSize(1)
                .build();
        runner.withBean("textsBatcherClient", BatcherClient.class, () -> own)
                .withBean(Texts.class)
                .run(context ->
                        assertThat(context.getBean("textsBatcherClient")).isSameAs(own));
    }

    @Test
    void anotherBeanOfTheSameIdIsAMistake() {
        runner.withBean("textsBatcherClient", String.class, () -> "")
                .withBean(Texts.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(BatcherConfigurationException.class)
                        .hasMessage("The bean 'textsBatcherClient' has the id of the client of " + Texts.class.getName()
                                + ".load(List), but is no BatcherClient. Give the bean another name, or the batcher,"
                                + " as in @Batched(\"texts2\")."));
    }

    @Test
    void whatTheMethodThrowsArrivesUnwrapped() {
        class Checked extends Exception {
            private static final long serialVersionUID = 1L;
        }
        Checked failure = new Checked();
        class Local {
            @Batched
            List<String> load(List<Long> ids) throws Checked {
                throw failure;
            }
        }
        runner.withBean(Local.class, Local::new).run(context -> {
            @SuppressWarnings("unchecked")
            BatcherClient<Long, String> client = context.getBean("loadBatcherClient", BatcherClient.class);
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(() -> result(client, 1))
                    .havingCause()
                    .isSameAs(failure);
        });
    }

    @Test
    void anErrorOfTheMethodArrivesUnwrapped() {
        AssertionError failure = new AssertionError("broken");
        class Local {
            @Batched
            List<String> load(List<Long> ids) {
                throw failure;
            }
        }
        runner.withBean(Local.class, Local::new).run(context -> {
            @SuppressWarnings("unchecked")
            BatcherClient<Long, String> client = context.getBean("loadBatcherClient", BatcherClient.class);
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(() -> result(client, 1))
                    .havingCause()
                    .isSameAs(failure);
        });
    }
}
