package io.asyncbatcher.spring.boot.beans;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** On which threads batches and continuations run. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class ExecutorsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0")
            .withBean(Threads.class);

    static class Threads {
        @Batched
        List<Thread> threads(List<Long> ids) {
            return ids.stream().map(id -> Thread.currentThread()).toList();
        }
    }

    @SuppressWarnings("unchecked")
    private static BatcherClient<Long, Thread> client(ApplicationContext context) {
        return context.getBean("threadsBatcherClient", BatcherClient.class);
    }

    private static Thread thread(ApplicationContext context) {
        assertThat(client(context).process(1L)).succeedsWithin(TestTimes.LONG);
        return client(context).process(1L).orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Configuration(proxyBeanMethods = false)
    static class Pools {
        @Bean
        ThreadPoolTaskExecutor applicationTaskExecutor() {
            return named("application-");
        }

        @Bean
        ThreadPoolTaskExecutor pool() {
            return named("pool-");
        }

        @Bean
        @Lazy
        Executor lazy() {
            return new SyncTaskExecutor();
        }

        @Bean
        SimpleAsyncTaskExecutor continuations() {
            return new SimpleAsyncTaskExecutor("continuation-");
        }

        private static ThreadPoolTaskExecutor named(String prefix) {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setThreadNamePrefix(prefix);
            return executor;
        }
    }

    @Test
    void theApplicationsExecutorIsNotUsedUnasked() {
        runner.withUserConfiguration(Pools.class)
                .run(context -> assertThat(thread(context).getName()).doesNotStartWith("application-"));
    }

    @Test
    void anExecutorIsNamedByProperty() {
        runner.withUserConfiguration(Pools.class)
                .withPropertyValues("batcher.instances.threads.executor=pool")
                .run(context -> assertThat(thread(context).getName()).startsWith("pool-"));
    }

    @Test
    void anExecutorIsNamedByTheAnnotation() {
        class Local {
            @Batched(executor = "pool")
            List<Thread> inPool(List<Long> ids) {
                return ids.stream().map(id -> Thread.currentThread()).toList();
            }
        }
        runner.withUserConfiguration(Pools.class)
                .withBean(Local.class, Local::new)
                .run(context -> {
                    @SuppressWarnings("unchecked")
                    BatcherClient<Long, Thread> client = context.getBean("inPoolBatcherClient", BatcherClient.class);
                    assertThat(client.process(1L))
                            .succeedsWithin(TestTimes.LONG)
                            .extracting(Thread::getName)
                            .asString()
                            .startsWith("pool-");
                });
    }

    @Test
    void aLazyExecutorStaysLazyUntilTheFirstItem() {
        runner.withUserConfiguration(Pools.class)
                .withPropertyValues("batcher.executor=lazy")
                .run(context -> {
                    assertThat(context.getBeanFactory().containsSingleton("lazy"))
                            .isFalse();
                    thread(context);
                    assertThat(context.getBeanFactory().containsSingleton("lazy"))
                            .isTrue();
                });
    }

    @Test
    void aCompletionExecutorRunsTheContinuations() {
        runner.withUserConfiguration(Pools.class)
                .withPropertyValues("batcher.completion-executor=continuations", "batcher.max-queue-time=100ms")
                .run(context -> assertThat(client(context).process(1L).thenApply(thread -> Thread.currentThread()))
                        .succeedsWithin(TestTimes.LONG)
                        .extracting(Thread::getName)
                        .asString()
                        .startsWith("continuation-"));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsAreUsedWhenAskedFor() {
        runner.withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> assertThat(
                                (boolean) Thread.class.getMethod("isVirtual").invoke(thread(context)))
                        .isTrue());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsAreNotUsedUnasked() {
        runner.run(context -> assertThat(
                        (boolean) Thread.class.getMethod("isVirtual").invoke(thread(context)))
                .isFalse());
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void virtualThreadsAreIgnoredWhereThereAreNone() {
        runner.withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> assertThat(thread(context)).isNotNull());
    }
}
