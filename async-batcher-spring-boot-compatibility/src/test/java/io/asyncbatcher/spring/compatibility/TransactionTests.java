package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.jdbc.Sql;
import org.springframework.transaction.annotation.Transactional;

/** A batch in a transaction of a real database: all of it is committed, or none. */
@SpringBootTest(
        classes = TransactionTests.Application.class,
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {"batcher.max-batch-size=3", "batcher.max-queue-time=10m"})
@Sql(statements = {"drop table if exists words", "create table words (word varchar(10) primary key)"})
class TransactionTests {

    @EnableAutoConfiguration
    @Import(Words.class)
    static class Application {}

    static class Words {

        private final JdbcTemplate jdbc;

        Words(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @Batched("words")
        @Transactional
        public void add(List<String> words) {
            for (String word : words) {
                jdbc.update("insert into words values (?)", word);
                if (word.equals("bad")) {
                    throw new IllegalStateException("not a word");
                }
            }
        }
    }

    @Autowired
    private BatcherClient<String, Void> client;

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private Words bean;

    private List<CompletableFuture<Void>> submit(String... words) {
        return Stream.of(words).map(client::process).toList();
    }

    private List<String> rows() {
        return jdbc.queryForList("select word from words order by word", String.class);
    }

    @Test
    void aBatchIsCommittedBeforeItsCallersHear() {
        assertThat(AopUtils.isAopProxy(bean)).isTrue();

        assertThat(submit("one", "two", "three"))
                .allSatisfy(future -> assertThat(future).succeedsWithin(RunningApplication.LONG));

        assertThat(rows()).containsExactly("one", "three", "two");
    }

    @Test
    void aBatchThatFailsIsRolledBackForAllOfItsCallers() {
        assertThat(submit("one", "bad", "three"))
                .allSatisfy(future -> assertThat(future)
                        .failsWithin(RunningApplication.LONG)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOf(IllegalStateException.class)
                        .withMessage("not a word"));

        assertThat(rows()).isEmpty();
    }
}
