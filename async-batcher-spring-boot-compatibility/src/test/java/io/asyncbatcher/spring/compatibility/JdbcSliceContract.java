package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** A JDBC slice: a repository with a batcher. The annotation that makes it one is in a package of the line's. */
@ImportAutoConfiguration(BatcherAutoConfiguration.class)
@Import(TransactionTests.Words.class)
@TestPropertySource(properties = "batcher.max-queue-time=0")
@Transactional(propagation = Propagation.NOT_SUPPORTED)
public abstract class JdbcSliceContract {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    public static class Application {}

    @Autowired
    private BatcherClient<String, Void> words;

    @Autowired
    private JdbcTemplate jdbc;

    @Test
    void theRepositorysBatchesReachTheDatabase() {
        jdbc.execute("create table words (word varchar(10) primary key)");

        assertThat(words.process("one")).succeedsWithin(RunningApplication.LONG);

        assertThat(jdbc.queryForList("select word from words", String.class)).isEqualTo(List.of("one"));
    }
}
