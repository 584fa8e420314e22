package io.asyncbatcher.docs;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.BatchedByFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;

/** The Java in the pages for those who come from elsewhere, so that it compiles. */
@SuppressWarnings("unused")
final class MigrationExamples {

    record Sku(String code) {}

    record Price(Sku sku, long cents) {}

    interface PriceService {
        Map<Sku, Price> byKey(List<Sku> skus);
    }

    interface Model {
        List<Float> predict(List<float[]> batch);
    }

    @Service
    static class CollapsedPrices {

        @Batched(value = "collapsed-prices", resultKey = "sku", maxBatchSize = "100", maxQueueTime = "10ms")
        List<Price> findAll(List<Sku> skus) {
            return skus.stream().map(sku -> new Price(sku, 100)).toList();
        }
    }

    interface PriceLookup {

        @BatchedBy("collapsed-prices")
        CompletableFuture<Price> find(Sku sku);
    }

    @Configuration
    static class PriceLookupConfiguration {

        @Bean
        PriceLookup priceLookup(BatchedByFactory factory) {
            return factory.create(PriceLookup.class);
        }
    }

    static AsyncBatcher<Sku, Price> collapsed(PriceService priceService) {
        AsyncBatcher<Sku, Price> prices = AsyncBatcher.<Sku, Price>builder(
                        BatchProcessor.keyed(skus -> priceService.byKey(skus)))
                .name("collapsed")
                .maxBatchSize(100)
                .maxQueueTime(Duration.ofMillis(10))
                .deduplicate()
                .build();
        return prices;
    }

    static void predicted(Model model, float[] features) {
        try (AsyncBatcher<float[], Float> batcher = AsyncBatcher.<float[], Float>builder(batch -> model.predict(batch))
                .maxBatchSize(200)
                .maxQueueTime(Duration.ofMillis(10))
                .concurrency(2)
                .build()) {
            CompletableFuture<Float> result = batcher.process(features);
            result.join();
        }
    }

    private MigrationExamples() {}
}
