package io.asyncbatcher.spring.boot.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** How batchers begin and end with their context. */
@ExtendWith(OutputCaptureExtension.class)
class BatcherLifecycleTests {

    private static final Duration LONG_LINGER = Duration.ofMinutes(10);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class, LifecycleAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=10m")
            .withBean(Pool.class)
            .withBean(Texts.class);

    /** What batches need, as a pool of connections. */
    static class Pool implements DisposableBean {

        private final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void destroy() {
            events.add("pool closed");
        }
    }

    static class Texts implements DisposableBean {

        private final Pool pool;

        Texts(Pool pool) {
            this.pool = pool;
        }

        @Batched
        List<String> texts(List<Integer> ids) {
            pool.events.add("batch of " + ids.size());
            return ids.stream().map(id -> "text " + id).toList();
        }

        @Override
        public void destroy() {
            pool.events.add("bean destroyed");
        }
    }

    /** Ends when its requests are answered, as a web server with a graceful shutdown. */
    static class Server implements SmartLifecycle {

        private final BatcherClient<Integer, String> texts;
        private final List<CompletableFuture<String>> requests = new ArrayList<>();
        private boolean answered;
        private volatile boolean running;

        Server(BatcherClient<Integer, String> texts) {
            this.texts = texts;
        }

        void request(int id) {
            requests.add(texts.process(id));
        }

        @Override
        public int getPhase() {
            return DEFAULT_PHASE - 1024;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public void stop() {
            // One that was accepted in the last moment.
            request(99);
            running = false;
            assertThat(CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(TestTimes.LONG);
            // What is thrown here reaches no test, and later all futures are completed anyway.
            answered = true;
        }
    }

    @SuppressWarnings("unchecked")
    private static AsyncBatcher<Integer, String> texts(ApplicationContext context) {
        return context.getBean("textsBatcherClient", AsyncBatcher.class);
    }

    private static BatcherLifecycle lifecycle(ApplicationContext context) {
        return context.getBean(BatcherLifecycle.class);
    }

    @Test
    void requestsInFlightAreAnsweredThoughTheirCompanionsNeverCome() {
        runner.withBean(Server.class).run(context -> {
            Server server = context.getBean(Server.class);
            IntStream.range(0, 50).forEach(server::request);

            context.close();

            assertThat(server.requests).hasSize(51);
            assertThat(server.answered).isTrue();
        });
    }

    @Test
    void whatNobodyWaitedForIsDrainedBeforeThePoolGoes(CapturedOutput output) {
        runner.run(context -> {
            Pool pool = context.getBean(Pool.class);
            List<CompletableFuture<String>> futures =
                    IntStream.range(0, 50).mapToObj(texts(context)::process).toList();

            context.close();

            assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
            assertThat(pool.events).containsExactly("batch of 50", "bean destroyed", "pool closed");
            assertThat(output)
                    .contains("Draining the batchers: ")
                    .containsPattern("Drained the batchers in \\d+ ms: 0 queued and 0 in-flight items")
                    .doesNotContain("is closed before it was done");
        });
    }

    @Test
    void aDeclaredBatcherIsDrainedToo() {
        AsyncBatcher<Integer, Integer> own = AsyncBatcher.<Integer, Integer>builder(List::copyOf)
                .name("own")
                .maxQueueTime(LONG_LINGER)
                .build();
        runner.withBean("own", AsyncBatcher.class, () -> own).run(context -> {
            CompletableFuture<Integer> future = own.process(1);

            context.close();

            assertThat(future).isCompletedWithValue(1);
            assertThat(own.isRunning()).isFalse();
        });
    }

    @Test
    void afterItsEndABatcherRefuses() {
        runner.run(context -> {
            AsyncBatcher<Integer, String> texts = texts(context);

            context.close();

            assertThat(texts.process(1))
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(BatcherStoppedException.class);
        });
    }

    @Test
    void aContextCanBeStoppedAndStarted() {
        runner.run(context -> {
            CompletableFuture<String> before = texts(context).process(1);

            context.stop();
            assertThat(before).isCompletedWithValue("text 1");
            assertThat(texts(context).process(2)).isCompletedExceptionally();

            context.start();
            assertThat(texts(context).isRunning()).isTrue();
            assertThat(texts(context).options().maxQueueTime()).isEqualTo(LONG_LINGER);
            CompletableFuture<String> after = texts(context).process(3);
            texts(context).flush();
            assertThat(after).succeedsWithin(TestTimes.LONG).isEqualTo("text 3");
        });
    }

    @Test
    void aBatcherThatTheApplicationStoppedIsNotStarted() {
        runner.run(context -> {
            texts(context).close();

            context.stop();
            context.start();

            assertThat(texts(context).isRunning()).isFalse();
        });
    }

    @Test
    void startUndoesTheFirstStage() {
        runner.run(context -> {
            lifecycle(context).onApplicationEvent(new ContextClosedEvent(context.getSourceApplicationContext()));
            assertThat(texts(context).options().maxQueueTime()).isZero();
            assertThat(texts(context).process(1)).succeedsWithin(TestTimes.LONG);

            lifecycle(context).stop();
            lifecycle(context).start();

            assertThat(texts(context).options().maxQueueTime()).isEqualTo(LONG_LINGER);
        });
    }

    @Test
    void theEndOfAnotherContextIsNoConcern() {
        runner.run(context -> {
            try (GenericApplicationContext child = new GenericApplicationContext(context)) {
                child.refresh();
            }
            assertThat(texts(context).options().maxQueueTime()).isEqualTo(LONG_LINGER);
            assertThat(texts(context).isRunning()).isTrue();
        });
    }

    @Test
    void thePhaseIsAfterTheWebServersAndBeforeTheExecutors() {
        runner.run(context -> assertThat(lifecycle(context).getPhase())
                .isEqualTo(SmartLifecycle.DEFAULT_PHASE - 4096)
                .isGreaterThan(Integer.MAX_VALUE / 2));
    }

    @Test
    void testsDoNotPauseBatchersBetweenTheirClasses() {
        runner.run(context -> assertThat(lifecycle(context).isPauseable()).isFalse());
    }

    static class Stuck extends Texts {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        Stuck(Pool pool) {
            super(pool);
        }

        @Batched(maxBatchSize = "2")
        List<String> stuck(List<Integer> ids) {
            begun.countDown();
            // Doesn't listen to interrupts.
            Awaitility.await().atMost(TestTimes.LONG).until(() -> released.getCount() == 0);
            return List.of();
        }
    }

    @Test
    void whenSpringsTimeIsOverTheRestFailsAndIsCounted(CapturedOutput output) {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(BatcherAutoConfiguration.class, LifecycleAutoConfiguration.class))
                .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=50ms")
                .withBean(Pool.class)
                .withBean(Stuck.class)
                .run(context -> {
                    Stuck bean = context.getBean(Stuck.class);
                    Pool pool = context.getBean(Pool.class);
                    @SuppressWarnings("unchecked")
                    BatcherClient<Integer, String> client = context.getBean("stuckBatcherClient", BatcherClient.class);
                    CompletableFuture<String> first = client.process(1);
                    CompletableFuture<String> second = client.process(2);
                    assertThat(bean.begun.await(20, TimeUnit.SECONDS)).isTrue();
                    CompletableFuture<String> third = client.process(3);

                    context.close();

                    assertThat(List.of(first, second))
                            .allSatisfy(future -> assertThat(future)
                                    .failsWithin(TestTimes.LONG)
                                    .withThrowableThat()
                                    .withCauseInstanceOf(BatchAbortedException.class));
                    assertThat(third)
                            .failsWithin(TestTimes.LONG)
                            .withThrowableThat()
                            .withCauseInstanceOf(BatcherStoppedException.class);
                    assertThat(output)
                            .contains("Draining the batchers: 1 queued and 2 in-flight items")
                            .contains("Batcher 'stuck' is closed before it was done: 1 queued and 2 in-flight items"
                                    + " fail.")
                            .doesNotContain("Drained");
                    assertThat(pool.events).endsWith("bean destroyed", "pool closed");
                    bean.released.countDown();
                });
    }

    @Test
    void anExecutorBeanServesUntilTheBatchersAreDrained() {
        runner.withBean("aPool", ThreadPoolTaskExecutor.class)
                .withBean(Server.class)
                .withPropertyValues("batcher.executor=aPool")
                .run(context -> {
                    Server server = context.getBean(Server.class);
                    IntStream.range(0, 50).forEach(server::request);

                    context.close();

                    assertThat(server.answered).isTrue();
                });
    }
}
