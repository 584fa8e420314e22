package io.asyncbatcher.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.BatchResults;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatcherCustomizer;
import io.asyncbatcher.spring.BatcherMetrics;
import io.asyncbatcher.spring.BatcherProblems;
import io.asyncbatcher.testing.VirtualTime;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.stereotype.Service;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The Java in the documentation, so that it compiles. */
@SuppressWarnings("unused")
final class SpringGuideExamples {

    record Sku(String code) {}

    record Price(Sku sku, long cents) {}

    record Event(String text) {}

    record Request(Sku sku, String customer) {}

    interface PriceRepository {
        List<Price> findAllById(Iterable<Sku> skus);

        void save(Price price);
    }

    record Input(String customer, long tokens) {}

    record Vector(List<Float> values) {}

    interface Api {
        Map<Input, Vector> embed(List<Input> inputs);
    }

    interface EventRepository {
        void insertAll(List<Event> events);
    }

    @Service
    static class Prices {

        private final PriceRepository repository;

        Prices(PriceRepository repository) {
            this.repository = repository;
        }

        @Batched(value = "prices", resultKey = "sku")
        List<Price> findAll(List<Sku> skus) {
            return repository.findAllById(skus);
        }
    }

    @RestController
    static class PriceController {

        private final BatcherClient<Sku, Price> prices;

        PriceController(BatcherClient<Sku, Price> prices) {
            this.prices = prices;
        }

        @GetMapping("/prices/{sku}")
        CompletableFuture<Price> price(@PathVariable Sku sku) {
            return prices.process(sku);
        }
    }

    interface Model {
        void generate(List<String> prompts, BiConsumer<Integer, String> whenDone);
    }

    static class Shapes {

        private EventRepository events;
        private PriceRepository repository;
        private Model model;

        @Batched(value = "quotes", resultKey = "sku", itemKey = "sku")
        List<Price> quote(List<Request> requests) {
            return repository.findAllById(requests.stream().map(Request::sku).toList());
        }

        @Batched("answers")
        void answer(List<String> prompts, BatchResults<String> answers) {
            model.generate(prompts, (i, answer) -> answers.success(i, answer));
        }

        @Batched
        void saved(List<Event> batch) {
            events.insertAll(batch);
        }

        @Batched
        List<Outcome<Integer>> parsed(List<String> texts) {
            return texts.stream().map(Shapes::parse).toList();
        }

        static Outcome<Integer> parse(String text) {
            try {
                return Outcome.success(Integer.valueOf(text));
            } catch (NumberFormatException e) {
                return Outcome.failure(e);
            }
        }
    }

    interface Shop {
        Price price(Sku sku);
    }

    static class ShopPrices {

        private Shop shop;

        @Batched("{beanName}-prices")
        List<Price> inOrder(List<Sku> skus) {
            return skus.stream().map(shop::price).toList();
        }
    }

    static class Embeddings {

        private Api api;

        @Batched(maxBatchWeight = "8000", weigher = "tokens", partitionBy = "customer", rateLimit = "60/1m")
        Map<Input, Vector> embed(List<Input> inputs) {
            return api.embed(inputs);
        }
    }

    @Configuration
    static class Functions {

        @Bean
        ToLongFunction<Input> tokens() {
            return Input::tokens;
        }

        @Bean
        Function<Input, String> customer() {
            return Input::customer;
        }
    }

    static class Qualified {
        Qualified(@Qualifier("prices") BatcherClient<Sku, Price> client) {}
    }

    @Configuration
    static class Batchers {

        @Bean
        AsyncBatcher<Sku, Price> discounts(Discounts discounts) {
            return AsyncBatcher.<Sku, Price>builder(BatchProcessor.keyed(discounts::find))
                    .name("discounts")
                    .build();
        }

        @Bean
        BatcherCustomizer customizer() {
            return (name, builder) -> {
                if (name.startsWith("slow-")) {
                    builder.concurrency(8);
                }
            };
        }

        @Bean
        ThreadPoolTaskExecutor pricesExecutor() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setCorePoolSize(4);
            return executor;
        }
    }

    interface Discounts {
        Map<Sku, Price> find(List<Sku> skus);
    }

    static class WithoutBoot {
        void measure(AsyncBatcher<Sku, Price> batcher, MeterRegistry registry) {
            BatcherMetrics metrics = new BatcherMetrics(batcher);
            metrics.bindTo(registry);
        }
    }

    @SpringBootTest
    static class PriceControllerTests {

        @MockitoBean
        BatcherClient<Sku, Price> prices;

        void aPriceIsShown() {
            Sku sku = new Sku("A1");
            given(prices.process(sku)).willReturn(CompletableFuture.completedFuture(new Price(sku, 995)));
        }
    }

    static class Synchronous {

        void aRowIsSeen(PriceRepository repository, BatcherClient<Sku, Price> prices) {
            repository.save(new Price(new Sku("A1"), 995));
            assertThat(prices.process(new Sku("A1")).join().cents()).isEqualTo(995);
        }
    }

    @TestConfiguration
    static class StandingTime {

        @Bean
        VirtualTime virtualTime() {
            return new VirtualTime();
        }

        @Bean
        BatcherCustomizer standingTime(VirtualTime time) {
            return (name, builder) -> builder.time(time).executor(Runnable::run);
        }
    }

    @RestControllerAdvice
    static class Failures {

        @ExceptionHandler
        ResponseEntity<ProblemDetail> unexpected(Exception e) {
            return BatcherProblems.of(e).orElseGet(() -> failed(e));
        }

        private static ResponseEntity<ProblemDetail> failed(Exception e) {
            return ResponseEntity.of(ProblemDetail.forStatus(500)).build();
        }
    }
}
