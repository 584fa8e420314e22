package io.asyncbatcher.spring.boot.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.asyncbatcher.BatchResults;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.beans.factory.support.ScopeNotActiveException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.ResolvableType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** The Java of docs/batch-method.md, and that it does what the page says. What a batch doesn't see is in {@link CallerIsolationTests}. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class BatchMethodGuideTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-batch-size=3", "batcher.max-queue-time=10m");

    record Word(String text) {}

    @Service
    static class Words {

        private final JdbcClient jdbc;

        Words(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        @Batched("words")
        @Transactional
        public void insertAll(List<Word> words) {
            for (Word word : words) {
                jdbc.sql("insert into words values (?)").param(word.text()).update();
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
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
            jdbc.sql("create table words (word varchar(10) primary key)").update();
            return jdbc;
        }

        @Bean
        PlatformTransactionManager transactions(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }
    }

    interface Translator {
        void translate(List<String> texts, BiConsumer<Integer, String> whenDone);
    }

    @Service
    static class Translations {

        private final Translator translator;
        private final JdbcClient jdbc;

        Translations(Translator translator, JdbcClient jdbc) {
            this.translator = translator;
            this.jdbc = jdbc;
        }

        @Batched("translations")
        void translate(List<String> texts, BatchResults<String> translations) {
            translator.translate(texts, (i, translation) -> {
                jdbc.sql("insert into translations values (?)")
                        .param(translation)
                        .update();
                translations.success(i, translation);
            });
        }
    }

    @Test
    void aCallerHasItsReportedResultAndSeesWhatWasStoredBeforeTheMethodReturns() {
        CountDownLatch looked = new CountDownLatch(1);
        Translator translator = (texts, whenDone) -> {
            whenDone.accept(1, texts.get(1).toUpperCase(Locale.ROOT));
            assertThat(looked)
                    .satisfies(latch ->
                            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue());
            whenDone.accept(0, texts.get(0).toUpperCase(Locale.ROOT));
        };
        runner.withUserConfiguration(Database.class)
                .withBean(Translator.class, () -> translator)
                .withBean(Translations.class)
                .withPropertyValues("batcher.max-batch-size=2")
                .run(context -> {
                    JdbcClient jdbc = context.getBean(JdbcClient.class);
                    jdbc.sql("create table translations (text varchar(10))").update();
                    BatcherClient<String, String> client = client(context, String.class, String.class);
                    CompletableFuture<String> slow = client.process("a");
                    CompletableFuture<List<String>> stored = client.process("b")
                            .thenApply(result -> jdbc.sql("select text from translations")
                                    .query(String.class)
                                    .list());

                    assertThat(stored).succeedsWithin(TestTimes.LONG).isEqualTo(List.of("B"));
                    assertThat(slow).isNotDone();
                    looked.countDown();
                    assertThat(slow).succeedsWithin(TestTimes.LONG).isEqualTo("A");
                });
    }

    @Test
    void eachCallOfATransactionalMethodIsOneTransactionOfItsOwn() {
        runner.withUserConfiguration(Database.class).withBean(Words.class).run(context -> {
            BatcherClient<Word, Void> words = client(context, Word.class, Void.class);

            assertThat(words.processAll(List.of(new Word("a"), new Word("b"), new Word("a"))))
                    .failsWithin(TestTimes.LONG);
            assertThat(rows(context)).isEmpty();

            new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).executeWithoutResult(callers -> {
                assertThat(words.processAll(List.of(new Word("c"), new Word("d"), new Word("e"))))
                        .succeedsWithin(TestTimes.LONG);
                callers.setRollbackOnly();
            });
            assertThat(rows(context)).containsExactly("c", "d", "e");
        });
    }

    private static List<String> rows(ApplicationContext context) {
        return context.getBean(JdbcClient.class)
                .sql("select word from words order by word")
                .query(String.class)
                .list();
    }

    static class Basket {
        String owner() {
            return "ann";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class RequestScope {
        @Bean
        @Scope(scopeName = "request", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Basket basket() {
            return new Basket();
        }
    }

    record Owners(Basket basket) {
        @Batched
        List<String> owners(List<Integer> items) {
            return items.stream().map(item -> basket.owner()).toList();
        }
    }

    @Test
    void aBeanOfTheRequestIsNotThereThoughItsCallerHasIt() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
                .withPropertyValues("batcher.max-queue-time=0")
                .withUserConfiguration(RequestScope.class)
                .withBean(Owners.class)
                .run(context -> {
                    RequestContextHolder.setRequestAttributes(mock(RequestAttributes.class));
                    try {
                        assertThat(client(context, Integer.class, String.class).process(1))
                                .failsWithin(TestTimes.LONG)
                                .withThrowableThat()
                                .withCauseInstanceOf(ScopeNotActiveException.class);
                    } finally {
                        RequestContextHolder.resetRequestAttributes();
                    }
                });
    }

    record Page(String tenant, String text) {}

    interface Archive {
        void writeAll(List<Page> pages);
    }

    @Service
    static class Pages {

        private final Archive archive;

        Pages(Archive archive) {
            this.archive = archive;
        }

        @Batched(value = "pages", partitionBy = "tenant")
        void writeAll(List<Page> pages) {
            MDC.put("tenant", pages.get(0).tenant());
            try {
                archive.writeAll(pages);
            } finally {
                MDC.remove("tenant");
            }
        }
    }

    @Configuration
    static class Tenants {

        @Bean
        Function<Page, String> tenant() {
            return Page::tenant;
        }
    }

    @Test
    void aPartitionsBatchesWorkInOneContext() {
        List<String> written = new CopyOnWriteArrayList<>();
        runner.withBean(
                        Archive.class,
                        () -> pages -> written.add(MDC.get("tenant") + ": "
                                + pages.stream().map(Page::text).collect(Collectors.joining(" "))))
                .withUserConfiguration(Pages.class, Tenants.class)
                .run(context -> {
                    BatcherClient<Page, Void> pages = client(context, Page.class, Void.class);

                    assertThat(pages.processAll(List.of(
                                    new Page("a", "1"),
                                    new Page("b", "2"),
                                    new Page("a", "3"),
                                    new Page("b", "4"),
                                    new Page("a", "5"),
                                    new Page("b", "6"))))
                            .succeedsWithin(TestTimes.LONG);
                });
        assertThat(written).containsExactlyInAnyOrder("a: 1 3 5", "b: 2 4 6");
    }

    record Audit(String text) {}

    interface AuditLog {
        void write(Audit audit);
    }

    /** An item that brings its caller's context along. */
    record InContext<T>(T item, ContextSnapshot context) {}

    @Component
    static class Audits {

        private final ContextSnapshotFactory snapshots =
                ContextSnapshotFactory.builder().build();
        private final BatcherClient<InContext<Audit>, Void> audits;

        Audits(BatcherClient<InContext<Audit>, Void> audits) {
            this.audits = audits;
        }

        CompletableFuture<Void> write(Audit audit) {
            return audits.process(new InContext<>(audit, snapshots.captureAll()));
        }
    }

    @Component
    static class AuditBatches {

        private final AuditLog log;

        AuditBatches(AuditLog log) {
            this.log = log;
        }

        @Batched
        void audits(List<InContext<Audit>> batch) {
            for (InContext<Audit> audit : batch) {
                audit.context().wrap(() -> log.write(audit.item())).run();
            }
        }
    }

    @Test
    void anItemIsWorkedForInItsCallersContext() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor("user"));
        List<String> written = new CopyOnWriteArrayList<>();
        try {
            runner.withBean(
                            AuditLog.class,
                            () -> audit -> written.add(audit.text() + " by " + MDC.get("user") + ", "
                                    + SecurityContextHolder.getContext().getAuthentication()))
                    .withBean(AuditBatches.class)
                    .withBean(Audits.class)
                    .run(context -> {
                        Audits audits = context.getBean(Audits.class);
                        MDC.put("user", "ann");
                        audits.write(new Audit("1"));
                        MDC.put("user", "ben");
                        TestingAuthenticationToken ben = new TestingAuthenticationToken("ben", "") {
                            @Override
                            public String toString() {
                                return "authenticated";
                            }
                        };
                        SecurityContextHolder.getContext().setAuthentication(ben);
                        audits.write(new Audit("2"));
                        MDC.clear();
                        SecurityContextHolder.clearContext();
                        assertThat(audits.write(new Audit("3"))).succeedsWithin(TestTimes.LONG);
                    });
        } finally {
            MDC.clear();
            SecurityContextHolder.clearContext();
            ContextRegistry.getInstance().removeThreadLocalAccessor(Slf4jThreadLocalAccessor.KEY);
        }
        assertThat(written).containsExactly("1 by ann, null", "2 by ben, authenticated", "3 by null, null");
    }

    @SuppressWarnings("unchecked")
    private static <T, R> BatcherClient<T, R> client(ApplicationContext context, Class<T> item, Class<R> result) {
        return (BatcherClient<T, R>)
                context.getBeanProvider(ResolvableType.forClassWithGenerics(BatcherClient.class, item, result))
                        .getObject();
    }
}
