package io.asyncbatcher.spring.boot.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
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
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** A caller that waits for a batch inside a transaction, while the batch needs a connection too. */
@ExtendWith(OutputCaptureExtension.class)
@SuppressWarnings("unused") // annotated methods are called by reflection
class TransactionCheckTests {

    private static final String WARNING = "A call of " + Caller.class.getName() + ".word(Long) waits for batcher"
            + " 'words' inside a transaction, and its batch method " + Words.class.getName()
            + ".words(List) is transactional too.";
    private static final String ANY = "inside a transaction";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0")
            .withUserConfiguration(Application.class);

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    @Import({Words.class, OtherWords.class, Caller.class})
    static class Application {

        @Bean
        DataSource dataSource() {
            return new DriverManagerDataSource("jdbc:h2:mem:transaction-check");
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }
    }

    @Transactional
    static class Words {

        @Batched
        List<String> words(List<Long> ids) {
            return ids.stream().map(String::valueOf).toList();
        }

        @Batched
        @Transactional(propagation = Propagation.SUPPORTS)
        List<String> supporting(List<Long> ids) {
            return words(ids);
        }
    }

    static class OtherWords {
        @Batched
        List<String> plain(List<Long> ids) {
            return ids.stream().map(String::valueOf).toList();
        }
    }

    static class Caller {

        @BatchedBy("words")
        String word(Long id) {
            throw new AssertionError("not through the proxy");
        }

        @BatchedBy("words")
        CompletableFuture<String> future(Long id) {
            throw new AssertionError("not through the proxy");
        }

        @BatchedBy("supporting")
        String supporting(Long id) {
            throw new AssertionError("not through the proxy");
        }

        @BatchedBy("plain")
        String plain(Long id) {
            throw new AssertionError("not through the proxy");
        }
    }

    private static void inTransaction(ApplicationContext context, Consumer<Caller> call) {
        new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                .executeWithoutResult(status -> call.accept(context.getBean(Caller.class)));
    }

    @Test
    void isWarnedOfOnce(CapturedOutput output) {
        runner.run(context -> {
            assertThat(context.getBean(Caller.class).word(1L)).isEqualTo("1");
            assertThat(output).doesNotContain(ANY);

            inTransaction(context, caller -> assertThat(caller.word(1L)).isEqualTo("1"));
            assertThat(output).containsOnlyOnce(WARNING);

            inTransaction(context, caller -> caller.word(2L));
            assertThat(output).containsOnlyOnce(ANY);
        });
    }

    @Test
    void isNotWarnedOfWhereTheBatchBeginsNoTransactionOrNobodyWaits(CapturedOutput output) {
        runner.run(context -> inTransaction(context, caller -> {
            caller.plain(1L);
            caller.supporting(1L);
            assertThat(caller.future(1L)).succeedsWithin(TestTimes.LONG);
        }));

        assertThat(output).doesNotContain(ANY);
    }

    @Test
    void isNotWarnedOfWhereTheBatchRunsInTheTransactionOfItsCaller(CapturedOutput output) {
        runner.withPropertyValues("batcher.synchronous=true")
                .run(context -> inTransaction(context, caller -> caller.word(1L)));

        assertThat(output).doesNotContain(ANY);
    }
}
