package io.asyncbatcher.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.BatchedByFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What an application that is set up wrongly prints when it is run. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysisTests {

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(BatcherAutoConfiguration.class)
    static class Application {}

    private static void failsWith(
            CapturedOutput output, String description, String action, Class<?> source, String... args) {
        SpringApplication application = new SpringApplication(Application.class, source);
        application.setWebApplicationType(WebApplicationType.NONE);
        assertThatException().isThrownBy(() -> application.run(args).close());
        assertThat(output.toString().replace("\r\n", "\n"))
                .contains("\nDescription:\n\n" + description + "\n\nAction:\n\n" + action + "\n");
    }

    static class Prices {
        @Batched
        List<String> prices(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void anUnknownProperty(CapturedOutput output) {
        failsWith(
                output,
                """
                There are no such properties:

                \t- 'batcher.instances.prices.max-size' (from "batcher.instances.prices.max-size" from property source "commandLineArgs"): did you mean 'batcher.instances.prices.max-batch-size' or 'batcher.instances.prices.max-queue-size'?
                \t- 'batcher.max-size' (from "batcher.max-size" from property source "commandLineArgs"): did you mean 'batcher.max-batch-size' or 'batcher.max-queue-size'?""",
                "Correct or remove them. Below 'batcher' and below 'batcher.instances.<name>' there are:"
                        + " batch-timeout, completion-executor, concurrency, deduplicate, dispatch, executor,"
                        + " isolate-failures, item-timeout, listener, max-attempts, max-batch-size, max-batch-weight,"
                        + " max-block-time, max-queue-size, max-queue-time, max-retry-delay, overflow, partition-by,"
                        + " prioritize-by, priority-ageing, rate-limit, retry-delay, shed-load, tracing, weigher;"
                        + " below 'batcher' also enabled, health.full-after, health.status, health.stuck-after,"
                        + " health.unreachable-after, log-failures, server.address, server.client-auth, server.expose,"
                        + " server.failure-messages, server.max-connection-age, server.meters-by-client, server.port,"
                        + " server.ssl-bundle, synchronous,"
                        + " web.problem-details.enabled.",
                Prices.class,
                "--batcher.max-size=3",
                "--batcher.instances.prices.max-size=3");
    }

    @Test
    void anUnknownPropertyOfHealth(CapturedOutput output) {
        failsWith(
                output,
                """
                There are no such properties:

                \t- 'batcher.health.stuck' (from "batcher.health.stuck" from property source "commandLineArgs"): did you mean 'batcher.health.stuck-after'?""",
                "Correct or remove them. Below 'batcher' and below 'batcher.instances.<name>' there are:"
                        + " batch-timeout, completion-executor, concurrency, deduplicate, dispatch, executor,"
                        + " isolate-failures, item-timeout, listener, max-attempts, max-batch-size, max-batch-weight,"
                        + " max-block-time, max-queue-size, max-queue-time, max-retry-delay, overflow, partition-by,"
                        + " prioritize-by, priority-ageing, rate-limit, retry-delay, shed-load, tracing, weigher;"
                        + " below 'batcher' also enabled, health.full-after, health.status, health.stuck-after,"
                        + " health.unreachable-after, log-failures, server.address, server.client-auth, server.expose,"
                        + " server.failure-messages, server.max-connection-age, server.meters-by-client, server.port,"
                        + " server.ssl-bundle, synchronous,"
                        + " web.problem-details.enabled.",
                Prices.class,
                "--batcher.health.stuck=3s");
    }

    @Test
    void aZeroSizeOfOneBatcher(CapturedOutput output) {
        String origin = "'batcher.instances.prices.max-batch-size' (from \"batcher.instances.prices.max-batch-size\""
                + " from property source \"commandLineArgs\")";
        failsWith(
                output,
                "The value of " + origin + " is not allowed: maxBatchSize of batcher 'prices' must be at least 1, or"
                        + " -1 for no limit, but is 0.",
                "Change " + origin + ".",
                Prices.class,
                "--batcher.instances.prices.max-batch-size=0",
                "--batcher.max-batch-size=10");
    }

    @Test
    void aZeroSizeOfAllBatchers(CapturedOutput output) {
        String origin = "'batcher.max-batch-size' (from \"batcher.max-batch-size\" from property source"
                + " \"commandLineArgs\")";
        failsWith(
                output,
                "The value of " + origin + " is not allowed: maxBatchSize of batcher 'prices' must be at least 1, or"
                        + " -1 for no limit, but is 0.",
                "Change " + origin + ".",
                Prices.class,
                "--batcher.max-batch-size=0");
    }

    @Test
    void aZeroSizeWithoutAnyBatcher(CapturedOutput output) {
        String origin = "'batcher.max-batch-size' (from \"batcher.max-batch-size\" from property source"
                + " \"commandLineArgs\")";
        failsWith(
                output,
                "The value of " + origin + " is not allowed: maxBatchSize of batcher 'batcher' must be at least 1, or"
                        + " -1 for no limit, but is 0.",
                "Change " + origin + ".",
                Application.class,
                "--batcher.max-batch-size=0");
    }

    @Test
    void aZeroSizeInAnAnnotation(CapturedOutput output) {
        String origin = "@Batched(maxBatchSize) on " + ZeroSize.class.getName() + ".prices(List)";
        failsWith(
                output,
                "The value of " + origin + " is not allowed: maxBatchSize of batcher 'prices' must be at least 1, or"
                        + " -1 for no limit, but is 0.",
                "Change " + origin + ".",
                ZeroSize.class);
    }

    static class ZeroSize {
        @Batched(maxBatchSize = "0")
        List<String> prices(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void anAttributeThatIsNoDuration(CapturedOutput output) {
        failsWith(
                output,
                "The value 'soon' of @Batched(maxQueueTime) on " + NoDuration.class.getName()
                        + ".prices(List) can't be understood: it must be a time, as in 5ms or PT0.005S.",
                "Change it to what the property 'batcher.max-queue-time' takes.",
                NoDuration.class);
    }

    static class NoDuration {
        @Batched(maxQueueTime = "soon")
        List<String> prices(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void anAttributeThatIsNoNumber(CapturedOutput output) {
        failsWith(
                output,
                "The value 'many' of @Batched(maxBatchSize) on " + NoNumber.class.getName()
                        + ".prices(List) can't be understood: it must be a whole number.",
                "Change it to what the property 'batcher.max-batch-size' takes.",
                NoNumber.class);
    }

    static class NoNumber {
        @Batched(maxBatchSize = "many")
        List<String> prices(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aMethodWithAWrongSignature(CapturedOutput output) {
        failsWith(
                output,
                "The method " + WrongSignature.class.getName()
                        + ".price(Long) can't be @Batched: its parameter is a java.lang.Long.",
                "Make it a List<T>, Collection<T>, Set<T>, Iterable<T> or an array.",
                WrongSignature.class);
    }

    static class WrongSignature {
        @Batched
        List<String> price(Long id) {
            return List.of();
        }
    }

    @Test
    void twoMethodsOfOneName(CapturedOutput output) {
        failsWith(
                output,
                "Two methods want to be the batcher 'prices':\n\n\t- " + Prices.class.getName()
                        + ".prices(List) of bean 'first'\n\t- " + OtherPrices.class.getName()
                        + ".load(List) of bean 'second'",
                "Give one of them another name, as in @Batched(\"prices2\"). Beans that have one method in common get a"
                        + " batcher each by the name of the bean, as in @Batched(\"{beanName}-load\").",
                TwoOfOneName.class);
    }

    static class OtherPrices {
        @Batched("prices")
        List<String> load(List<Long> ids) {
            return List.of();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoOfOneName {
        @Bean
        Prices first() {
            return new Prices();
        }

        @Bean
        OtherPrices second() {
            return new OtherPrices();
        }
    }

    @Test
    void aMethodAndABeanOfOneName(CapturedOutput output) {
        failsWith(
                output,
                "The beans 'ownPrices' and 'pricesBatcherClient' are both a batcher of the name 'prices'.",
                "Give one of them another name, by @Batched(\"…\") or Builder.name(\"…\").",
                MethodAndBean.class);
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Prices.class)
    static class MethodAndBean {
        @Bean
        AsyncBatcher<Long, String> ownPrices() {
            return AsyncBatcher.<Long, String>builder(ids -> List.of())
                    .name("prices")
                    .build();
        }
    }

    @Test
    void aClientThatNoMethodProvides(CapturedOutput output) {
        failsWith(
                output,
                "Parameter 0 of constructor in " + User.class.getName()
                        + " required a BatcherClient<Long, Integer>, which no @Batched method provides. There are:\n\n"
                        + "\t- own: BatcherClient<String, List<Long>> of " + WrongClient.class.getName() + "\n"
                        + "\t- pricesBatcherClient: BatcherClient<Long, String> of " + Prices.class.getName()
                        + ".prices(List)",
                "Change the types of the injected client to those of a batcher that is there, or annotate a method of"
                        + " a bean with @Batched that takes a list of the items and returns their results.",
                WrongClient.class);
    }

    static class User {
        User(BatcherClient<Long, Integer> client) {}
    }

    @Configuration(proxyBeanMethods = false)
    @Import({Prices.class, User.class})
    static class WrongClient {
        @Bean
        AsyncBatcher<String, List<Long>> own() {
            return AsyncBatcher.<String, List<Long>>builder(ids -> List.of())
                    .name("own")
                    .build();
        }
    }

    @Test
    void aClientWhereThereAreNoMethodsAtAll(CapturedOutput output) {
        failsWith(
                output,
                "Parameter 0 of constructor in " + User.class.getName()
                        + " required a BatcherClient<Long, Integer>, which no @Batched method provides. There are no"
                        + " batchers.",
                "Change the types of the injected client to those of a batcher that is there, or annotate a method of"
                        + " a bean with @Batched that takes a list of the items and returns their results.",
                User.class);
    }

    @Test
    void aClientWhereTheStarterIsSwitchedOff(CapturedOutput output) {
        failsWith(
                output,
                "Parameter 0 of constructor in " + User.class.getName()
                        + " required a BatcherClient<Long, Integer>, which no @Batched method provides: batcher.enabled"
                        + " is false.",
                "Set batcher.enabled to true, or define a bean of this type.",
                User.class,
                "--batcher.enabled=false");
    }

    @Test
    void anInterfaceOfCallsThatIsNoBean(CapturedOutput output) {
        failsWith(
                output,
                "Parameter 0 of constructor in " + Caller.class.getName() + " required a " + PriceLookup.class.getName()
                        + ", an interface with @BatchedBy methods that no bean implements.",
                "Declare a @Bean method that takes a BatchedByFactory and returns create(PriceLookup.class) of it.",
                Caller.class);
    }

    interface PriceLookup {
        @BatchedBy("prices")
        String price(Long id);
    }

    static class Caller {
        Caller(PriceLookup prices) {}
    }

    @Test
    void callsToABatcherThatIsNotThere(CapturedOutput output) {
        failsWith(
                output,
                "The method " + PriceLookup.class.getName() + ".price(Long) is @BatchedBy(\"prices\"), but there is no"
                        + " batcher of this name. There are no batchers.",
                "Name one that is there, annotate a method that takes a list of the items with @Batched(\"prices\"), or"
                        + " declare an AsyncBatcher bean of this name.",
                Lookups.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class Lookups {
        @Bean
        PriceLookup priceLookup(BatchedByFactory factory) {
            return factory.create(PriceLookup.class);
        }
    }

    @Test
    void aCallerThatHidesBehindAnInterfaceAndIsFinal(CapturedOutput output) {
        failsWith(
                output,
                "The method " + HiddenLookup.class.getName()
                        + ".price(Long) can't be @BatchedBy(\"prices\"): its class is final, so that no proxy can take"
                        + " its calls.",
                "Remove 'final' from " + HiddenLookup.class.getName()
                        + " (in Kotlin: make it open), or annotate a method of an interface and let a BatchedByFactory"
                        + " implement it.",
                HiddenLookups.class);
    }

    interface Lookup {
        String price(Long id);
    }

    static final class HiddenLookup implements Lookup {
        @Override
        @BatchedBy("prices")
        public String price(Long id) {
            throw new AssertionError("not through the proxy");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class HiddenLookups {
        @Bean
        Lookup lookup() {
            return new HiddenLookup();
        }
    }
}
