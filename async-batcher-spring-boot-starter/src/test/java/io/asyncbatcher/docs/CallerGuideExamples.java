package io.asyncbatcher.docs;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.docs.SpringGuideExamples.Price;
import io.asyncbatcher.docs.SpringGuideExamples.Sku;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.BatchedByFactory;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The Java in the documentation that calls batchers, so that it compiles. */
@SuppressWarnings("unused")
final class CallerGuideExamples {

    interface PriceLookup {

        @BatchedBy("prices")
        Price find(Sku sku);
    }

    @Configuration
    static class Lookups {

        @Bean
        PriceLookup priceLookup(BatchedByFactory factory) {
            return factory.create(PriceLookup.class);
        }
    }

    interface Warehouse {
        Map<Sku, Integer> levels(List<Sku> skus);
    }

    @Service
    static class Stock {

        private final Warehouse warehouse;

        Stock(Warehouse warehouse) {
            this.warehouse = warehouse;
        }

        @BatchedBy("stock")
        Integer level(Sku sku) {
            throw new IllegalStateException("Called past the proxy");
        }

        @Batched("stock")
        Map<Sku, Integer> levels(List<Sku> skus) {
            return warehouse.levels(skus);
        }
    }

    static class ReactivePrices {

        private BatcherClient<Sku, Price> prices;

        Mono<Price> price(Sku sku) {
            return Mono.fromFuture(() -> prices.process(sku));
        }

        Flux<Price> all(Flux<Sku> skus) {
            return skus.flatMapSequential(this::price, 1_000);
        }
    }
}
