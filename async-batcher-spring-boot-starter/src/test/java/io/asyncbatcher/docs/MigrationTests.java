package io.asyncbatcher.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.docs.MigrationExamples.CollapsedPrices;
import io.asyncbatcher.docs.MigrationExamples.Price;
import io.asyncbatcher.docs.MigrationExamples.PriceLookup;
import io.asyncbatcher.docs.MigrationExamples.PriceLookupConfiguration;
import io.asyncbatcher.docs.MigrationExamples.Sku;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the pages for those who come from elsewhere promise of their examples. */
class MigrationTests {

    private static final Sku SKU = new Sku("a");

    @Test
    void aCallOfOneItemIsCollapsed() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
                .withUserConfiguration(CollapsedPrices.class, PriceLookupConfiguration.class)
                .run(context -> assertThat(context.getBean(PriceLookup.class).find(SKU))
                        .succeedsWithin(Duration.ofSeconds(30))
                        .isEqualTo(new Price(SKU, 100)));
    }

    @Test
    void equalItemsGetTheResultOfTheirKey() {
        try (AsyncBatcher<Sku, Price> prices = MigrationExamples.collapsed(MigrationTests::byKey)) {
            assertThat(prices.processAll(List.of(SKU, new Sku("b"), SKU)))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo(List.of(new Price(SKU, 1), new Price(new Sku("b"), 1), new Price(SKU, 1)));
        }
    }

    private static Map<Sku, Price> byKey(List<Sku> skus) {
        return skus.stream().collect(Collectors.toMap(sku -> sku, sku -> new Price(sku, 1)));
    }
}
