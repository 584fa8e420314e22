package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The application of README, word for word, on Spring Data JPA and H2: every caller gets its own row. */
@SpringBootTest(
        classes = JpaTests.Application.class,
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "spring.autoconfigure.exclude=",
            "spring.jpa.hibernate.ddl-auto=create-drop",
            "spring.jpa.open-in-view=false",
            "spring.datasource.url=jdbc:h2:mem:prices"
        })
class JpaTests {

    private static final int CALLERS = 64;
    private static final int CALLS = 20;
    private static final int ROWS = 500;

    @EnableAutoConfiguration
    @EnableJpaRepositories(considerNestedRepositories = true)
    @Import({Prices.class, PriceController.class})
    static class Application {}

    @Entity
    static class Price {

        @Id
        private String sku;

        private long cents;

        protected Price() {}

        Price(String sku, long cents) {
            this.sku = sku;
            this.cents = cents;
        }

        public String getSku() {
            return sku;
        }

        public long getCents() {
            return cents;
        }
    }

    interface PriceRepository extends JpaRepository<Price, String> {}

    @Service
    static class Prices {

        private final PriceRepository repository;

        Prices(PriceRepository repository) {
            this.repository = repository;
        }

        @Batched(value = "prices", resultKey = "sku")
        List<Price> findAll(List<String> skus) {
            return repository.findAllById(skus);
        }
    }

    @RestController
    static class PriceController {

        private final BatcherClient<String, Price> prices;

        PriceController(BatcherClient<String, Price> prices) {
            this.prices = prices;
        }

        @GetMapping("/prices/{sku}")
        CompletableFuture<ResponseEntity<Price>> price(@PathVariable String sku) {
            return prices.process(sku).thenApply(ResponseEntity::ofNullable);
        }
    }

    @Autowired
    private PriceRepository repository;

    @Autowired
    private PriceController controller;

    @Autowired
    private AsyncBatcher<String, Price> pricesBatcherClient;

    @BeforeEach
    void fill() {
        if (repository.count() == 0) {
            // In another order than the keys'.
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, ROWS).boxed().toList());
            Collections.shuffle(order, new Random(7));
            repository.saveAll(order.stream().map(i -> new Price("sku-" + i, i)).toList());
        }
    }

    @Test
    void everyOfManyCallersGetsItsOwnRow() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        try {
            CountDownLatch start = new CountDownLatch(CALLERS);
            List<Future<Void>> callers = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                callers.add(threads.submit(caller(new Random(caller), start)));
            }
            for (Future<Void> caller : callers) {
                assertThat(caller).succeedsWithin(RunningApplication.LONG);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(pricesBatcherClient.snapshot().recentBatchSizes()).anyMatch(size -> size > 1);
    }

    /** Asks for rows by chance, one in ten of which isn't there. */
    private Callable<Void> caller(Random random, CountDownLatch start) {
        return () -> {
            start.countDown();
            start.await();
            for (int call = 0; call < CALLS; call++) {
                int i = random.nextInt(ROWS + ROWS / 10);
                ResponseEntity<Price> response = controller.price("sku-" + i).join();
                Price price = response.getBody();
                if (i < ROWS) {
                    assertThat(price).isNotNull();
                    assertThat(price.getSku()).isEqualTo("sku-" + i);
                    assertThat(price.getCents()).isEqualTo(i);
                } else {
                    assertThat(response.getStatusCode()).isEqualTo(HttpStatus.NOT_FOUND);
                }
            }
            return null;
        };
    }
}
