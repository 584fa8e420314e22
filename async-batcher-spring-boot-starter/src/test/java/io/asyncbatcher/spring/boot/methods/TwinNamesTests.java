package io.asyncbatcher.spring.boot.methods;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.BatchedByFactory;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.spring.boot.actuate.ShownBatchers;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Names that are equal as properties are the same name, wherever a batcher is named. */
class TwinNamesTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0", "management.endpoints.web.exposure.include=batchers");

    static class Camel {
        @Batched
        List<String> userById(List<Long> ids) {
            return ids.stream().map(id -> "camel " + id).toList();
        }
    }

    static class Dashed {
        @Batched("user-by-id")
        List<String> find(List<Long> ids) {
            return ids.stream().map(id -> "dashed " + id).toList();
        }
    }

    static class Titles {
        @Batched
        List<String> titles(List<Long> ids) {
            return ids.stream().map(id -> "title " + id).toList();
        }
    }

    private static AsyncBatcher<Long, String> batcher(String name) {
        return AsyncBatcher.<Long, String>builder(
                        ids -> ids.stream().map(id -> "own " + id).toList())
                .name(name)
                .build();
    }

    @Test
    void twoMethodsOfTwinNamesStopTheStart() {
        runner.withBean("camel", Camel.class)
                .withBean("dashed", Dashed.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(BatcherConfigurationException.class, failure -> {
                            assertThat(failure.description())
                                    .isEqualTo("Two methods want to be the batchers 'userById' and 'user-by-id', which"
                                            + " are one name for properties:\n\n\t- " + Camel.class.getName()
                                            + ".userById(List) of bean 'camel'\n\t- " + Dashed.class.getName()
                                            + ".find(List) of bean 'dashed'");
                            assertThat(failure.action()).startsWith("Give one of them another name");
                        }));
    }

    @Test
    void aMethodAndADeclaredBatcherOfTwinNamesStopTheStart() {
        runner.withBean("own", AsyncBatcher.class, () -> batcher("user_by_id"))
                .withBean(Camel.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("The beans 'own' and 'userByIdBatcherClient' are batchers of the names"
                                + " 'user_by_id' and 'userById', which are one name for properties. Give one of them"
                                + " another name, by @Batched(\"…\") or Builder.name(\"…\")."));
    }

    @Test
    void twoDeclaredBatchersOfTwinNamesStopTheStart() {
        runner.withBean("one", AsyncBatcher.class, () -> batcher("userById"))
                .withBean("two", AsyncBatcher.class, () -> batcher("USERBYID"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("The beans 'one' and 'two' are batchers of the names 'userById' and"
                                + " 'USERBYID', which are one name for properties."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"userById", "user-by-id", "user_by_id", "USERBYID"})
    void onePropertyTunesEveryNameThatCountsAsTheSame(String name) {
        runner.withBean(Camel.class)
                .withPropertyValues("batcher.instances." + name + ".max-batch-size=7")
                .run(context -> assertThat(context.getBean("userByIdBatcherClient", AsyncBatcher.class)
                                .options()
                                .maxBatchSize())
                        .isEqualTo(7));
    }

    record Parameters(
            BatcherClient<Long, String> userById,
            @Qualifier("userById") BatcherClient<Long, String> camel,
            @Qualifier("user-by-id") BatcherClient<Long, String> dashed,
            BatcherClient<Long, String> userByIdBatcherClient) {

        void allGive(String result) {
            assertThat(List.of(userById, camel, dashed, userByIdBatcherClient))
                    .allSatisfy(client -> assertThat(client.process(7L))
                            .succeedsWithin(TestTimes.LONG)
                            .isEqualTo(result));
        }
    }

    @Test
    void parameterAndQualifierInCamelCaseFindADashedName() {
        runner.withBean(Parameters.class)
                .withBean(Dashed.class)
                .withBean(Titles.class)
                .run(context -> context.getBean(Parameters.class).allGive("dashed 7"));
    }

    @Test
    void aDashedQualifierFindsANameInCamelCase() {
        runner.withBean(Parameters.class)
                .withBean(Camel.class)
                .withBean(Titles.class)
                .run(context -> context.getBean(Parameters.class).allGive("camel 7"));
    }

    interface Lookup {
        @BatchedBy("userById")
        CompletableFuture<String> find(Long id);
    }

    @Configuration(proxyBeanMethods = false)
    static class Lookups {
        @Bean
        Lookup lookup(BatchedByFactory factory) {
            return factory.create(Lookup.class);
        }
    }

    @Test
    void aCallFindsTheBatcherOfATwinName() {
        runner.withBean(Dashed.class)
                .withUserConfiguration(Lookups.class)
                .run(context -> assertThat(context.getBean(Lookup.class).find(7L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo("dashed 7"));
    }

    @Test
    void aCallFindsTheDeclaredBatcherOfATwinName() {
        runner.withBean("own", AsyncBatcher.class, () -> batcher("user-by-id"))
                .withUserConfiguration(Lookups.class)
                .run(context -> assertThat(context.getBean(Lookup.class).find(7L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo("own 7"));
    }

    @Test
    void theEndpointFindsABatcherByATwinOfItsName() {
        runner.withBean(Dashed.class)
                .run(context ->
                        assertThat(ShownBatchers.of(context, "userById").name()).isEqualTo("user-by-id"));
    }

    @Test
    void theEndpointDoesNotTakeAnotherNameForIt() {
        runner.withBean(Dashed.class)
                .run(context ->
                        assertThat(ShownBatchers.isShown(context, "user.by.id")).isFalse());
    }
}
