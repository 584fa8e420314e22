package io.asyncbatcher.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.spring.Batched;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.transaction.support.TransactionTemplate;

/** The mode in which every item is a batch of its own on its caller's thread, with a database and its transactions. */
@SuppressWarnings("unused") // annotated methods are called by reflection
@ExtendWith(OutputCaptureExtension.class)
class SynchronousTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withUserConfiguration(Database.class)
            .withPropertyValues("batcher.synchronous=true", "batcher.max-queue-time=10m");

    @Configuration(proxyBeanMethods = false)
    static class Database {
        @Bean
        DataSource dataSource() {
            return new EmbeddedDatabaseBuilder()
                    .setType(EmbeddedDatabaseType.H2)
                    .generateUniqueName(true)
                    .build();
        }

        @Bean
        JdbcClient jdbc(DataSource dataSource) {
            JdbcClient jdbc = JdbcClient.create(dataSource);
            jdbc.sql("CREATE TABLE price (sku VARCHAR PRIMARY KEY, cents INT)").update();
            return jdbc;
        }

        @Bean
        TransactionTemplate transactions(DataSource dataSource) {
            return new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        }

        @Bean
        Prices prices(JdbcClient jdbc) {
            return new Prices(jdbc);
        }

        @Bean
        Executor pool() {
            return new SimpleAsyncTaskExecutor("pool-");
        }
    }

    static class Prices {

        private final JdbcClient jdbc;
        private final List<Thread> threads = new CopyOnWriteArrayList<>();
        private final List<Integer> sizes = new CopyOnWriteArrayList<>();

        Prices(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        @Batched(
                maxBatchSize = "10",
                concurrency = "2",
                dispatch = "fixed",
                rateLimit = "1/1h",
                executor = "pool",
                completionExecutor = "pool")
        List<Outcome<Integer>> prices(List<String> skus) {
            threads.add(Thread.currentThread());
            sizes.add(skus.size());
            return skus.stream()
                    .map(sku -> jdbc.sql("SELECT cents FROM price WHERE sku = ?")
                            .param(sku)
                            .query(Integer.class)
                            .optional()
                            .map(Outcome::success)
                            .orElseGet(() -> Outcome.failure(new IllegalStateException("no row"))))
                    .toList();
        }
    }

    @SuppressWarnings("unchecked")
    private static BatcherClient<String, Integer> client(ApplicationContext context) {
        return context.getBean("pricesBatcherClient", BatcherClient.class);
    }

    @Test
    void aBatchSeesTheRowsOfItsCallersTransaction() {
        runner.run(context -> context.getBean(TransactionTemplate.class).executeWithoutResult(transaction -> {
            context.getBean(JdbcClient.class)
                    .sql("INSERT INTO price VALUES ('A1', 995)")
                    .update();
            assertThat(client(context).process("A1")).isCompletedWithValue(995);
            transaction.setRollbackOnly();
        }));
    }

    @Test
    void withoutTheModeABatchDoesNotSeeThem() {
        runner.withPropertyValues("batcher.synchronous=false", "batcher.max-queue-time=0")
                .withPropertyValues("batcher.instances.prices.rate-limit=-1")
                .run(context -> context.getBean(TransactionTemplate.class).executeWithoutResult(transaction -> {
                    context.getBean(JdbcClient.class)
                            .sql("INSERT INTO price VALUES ('A1', 995)")
                            .update();
                    assertThat(client(context).process("A1"))
                            .failsWithin(TestTimes.LONG)
                            .withThrowableThat()
                            .withMessageContaining("no row");
                }));
    }

    @Test
    void everyItemIsABatchOfItsOwnOnTheCallersThreadWhateverTheSettingsSay() {
        runner.run(context -> {
            assertThat(client(context).processAll(List.of("A", "B", "C"))).isCompletedExceptionally();
            assertThat(client(context).process("D")).isCompletedExceptionally();

            Prices prices = context.getBean(Prices.class);
            assertThat(prices.sizes).containsExactly(1, 1, 1, 1);
            assertThat(prices.threads).containsOnly(Thread.currentThread());
        });
    }

    @Test
    void anItemInsideOfABatchIsABatchToo() {
        class Nested {

            private BatcherClient<Integer, Integer> self;

            @Batched
            List<Integer> factorial(List<Integer> numbers) {
                return numbers.stream()
                        .map(n -> n == 0 ? 1 : n * self.process(n - 1).join())
                        .toList();
            }
        }
        runner.withBean(Nested.class, Nested::new).run(context -> {
            @SuppressWarnings("unchecked")
            BatcherClient<Integer, Integer> client = context.getBean("factorialBatcherClient", BatcherClient.class);
            context.getBean(Nested.class).self = client;
            assertThat(client.process(10)).isCompletedWithValue(3_628_800);
        });
    }

    @Test
    void itIsSaidThatTheModeIsOn(CapturedOutput output) {
        runner.run(context -> assertThat(output).contains("batcher.synchronous is set"));
    }

    @Test
    void nothingIsSaidWhereItIsOff(CapturedOutput output) {
        runner.withPropertyValues("batcher.synchronous=false")
                .run(context -> assertThat(output).doesNotContain("synchronous"));
    }
}
