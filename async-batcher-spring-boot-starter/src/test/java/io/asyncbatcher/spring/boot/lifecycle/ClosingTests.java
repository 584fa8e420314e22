package io.asyncbatcher.spring.boot.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherException;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Nothing accepted is pending once the context is closed, whoever made the batcher, closes, or refuses meanwhile. */
class ClosingTests {

    private static final Duration LONG_LINGER = Duration.ofMinutes(10);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class, LifecycleAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=10m");

    static class Texts {
        @Batched(maxBatchSize = "5", concurrency = "2")
        List<String> texts(List<Integer> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    @SuppressWarnings("unchecked")
    private static AsyncBatcher<Integer, Object> batcher(BeanFactory beans, String name) {
        return beans.getBean(name, AsyncBatcher.class);
    }

    // ---- executors that end early ----

    /** Submits, when it is stopped, what its requests in flight still ask for. */
    static class Server implements SmartLifecycle {

        private final BeanFactory beans;
        private final List<CompletableFuture<?>> requests = new ArrayList<>();
        private volatile boolean running;

        Server(BeanFactory beans) {
            this.beans = beans;
        }

        void request(int ids) {
            for (String name : List.of("texts", "own")) {
                IntStream.range(0, ids)
                        .forEach(id -> requests.add(batcher(beans, name).process(id)));
            }
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
            request(23);
            running = false;
        }
    }

    private static ThreadPoolTaskExecutor strict() {
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setStrictEarlyShutdown(true);
        return executor;
    }

    private void losesNothing(Supplier<Executor> executor) {
        runner.withBean(Texts.class)
                .withBean("early", Executor.class, executor)
                .withBean(Server.class)
                .withPropertyValues("batcher.executor=early")
                .withInitializer(context -> ((GenericApplicationContext) context)
                        .registerBean(
                                "own",
                                AsyncBatcher.class,
                                () -> AsyncBatcher.<Integer, Integer>builder(List::copyOf)
                                        .name("own")
                                        .maxQueueTime(LONG_LINGER)
                                        .maxBatchSize(5)
                                        .executor(context.getBean("early", Executor.class))
                                        .build()))
                .run(context -> {
                    Server server = context.getBean(Server.class);
                    server.request(23);

                    context.close();

                    assertThat(server.requests)
                            .hasSize(92)
                            .allMatch(CompletableFuture::isDone)
                            .noneMatch(CompletableFuture::isCompletedExceptionally);
                });
    }

    @Test
    void aSchedulerThatRefusesWhenTheContextClosesLosesNothing() {
        losesNothing(ThreadPoolTaskScheduler::new);
    }

    @Test
    void anExecutorWithAStrictEarlyShutdownLosesNothing() {
        losesNothing(ClosingTests::strict);
    }

    // ---- contexts that are closed by a batch ----

    static class Closing {

        private final ConfigurableApplicationContext context;
        private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

        Closing(ConfigurableApplicationContext context) {
            this.context = context;
        }

        @Batched(maxBatchSize = "1")
        List<Integer> closing(List<Integer> ids) {
            context.close();
            interrupted.complete(Thread.currentThread().isInterrupted());
            return ids;
        }
    }

    @Test
    void aBatchThatClosesTheContextDoesNotWaitForItself() {
        runner.withBean(Closing.class)
                .withBean(Texts.class)
                .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=10m")
                .run(context -> {
                    Closing bean = context.getBean(Closing.class);
                    AsyncBatcher<Integer, Object> closing = batcher(context, "closing");
                    CompletableFuture<Object> other = batcher(context, "texts").process(1);

                    List<CompletableFuture<Object>> futures =
                            IntStream.range(0, 5).mapToObj(closing::process).toList();

                    assertThat(bean.interrupted).succeedsWithin(TestTimes.LONG).isEqualTo(false);
                    assertThat(other).isCompletedWithValue("text 1");
                    assertThat(futures)
                            .allSatisfy(future -> assertThat(future)
                                    .failsWithin(TestTimes.LONG)
                                    .withThrowableThat()
                                    .withCauseInstanceOf(BatcherException.class));
                });
    }

    // ---- batchers that the container doesn't destroy ----

    private final CountDownLatch released = new CountDownLatch(1);

    /** Its batches end when this test does. */
    private AsyncBatcher<Integer, Integer> stuck() {
        return AsyncBatcher.<Integer, Integer>builder(ids -> {
                    Awaitility.await().atMost(TestTimes.LONG).until(() -> released.getCount() == 0);
                    return ids;
                })
                .name("stuck")
                .maxBatchSize(1)
                .build();
    }

    record Factory(AsyncBatcher<Integer, Integer> product, Class<?> type)
            implements FactoryBean<AsyncBatcher<Integer, Integer>> {

        @Override
        public AsyncBatcher<Integer, Integer> getObject() {
            return product;
        }

        @Override
        public Class<?> getObjectType() {
            return type;
        }
    }

    /** Ways to make a batcher a bean. */
    enum Making {
        OF_A_FACTORY {
            @Override
            void register(GenericApplicationContext context, ClosingTests tests) {
                context.registerBean("stuck", Factory.class, () -> new Factory(tests.stuck(), AsyncBatcher.class));
            }
        },
        OF_A_FACTORY_THAT_DOES_NOT_SAY_OF_WHAT {
            @Override
            void register(GenericApplicationContext context, ClosingTests tests) {
                context.registerBean("stuck", Factory.class, () -> new Factory(tests.stuck(), Object.class));
            }
        },
        WITHOUT_A_DESTROY_METHOD {
            @Override
            void register(GenericApplicationContext context, ClosingTests tests) {
                context.registerBean(
                        "stuck",
                        AsyncBatcher.class,
                        tests::stuck,
                        definition -> ((AbstractBeanDefinition) definition).setDestroyMethodName(""));
            }
        },
        PROTOTYPE {
            @Override
            void register(GenericApplicationContext context, ClosingTests tests) {
                context.registerBean(
                        "stuck",
                        AsyncBatcher.class,
                        tests::stuck,
                        definition -> definition.setScope(BeanDefinition.SCOPE_PROTOTYPE));
            }
        },
        LAZY {
            @Override
            void register(GenericApplicationContext context, ClosingTests tests) {
                context.registerBean(
                        "stuck", AsyncBatcher.class, tests::stuck, definition -> definition.setLazyInit(true));
            }
        },
        OBJECT {
            @Override
            void register(GenericApplicationContext context, ClosingTests tests) {
                context.getBeanFactory().registerSingleton("stuck", tests.stuck());
            }
        };

        abstract void register(GenericApplicationContext context, ClosingTests tests);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsPendingHoweverItsBatcherWasMade(Making making) {
        runner.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=50ms")
                .withInitializer(context -> making.register((GenericApplicationContext) context, this))
                .run(context -> {
                    AsyncBatcher<Integer, Object> stuck = batcher(context, "stuck");
                    List<CompletableFuture<Object>> futures =
                            IntStream.range(0, 5).mapToObj(stuck::process).toList();

                    context.close();

                    assertThat(futures)
                            .allSatisfy(future -> assertThat(future)
                                    .failsWithin(TestTimes.LONG)
                                    .withThrowableThat()
                                    .withCauseInstanceOf(BatcherException.class));
                    assertThat(stuck.isRunning()).isFalse();
                    released.countDown();
                });
    }

    @ParameterizedTest
    @EnumSource
    void everyBatcherIsDrainedHoweverItWasMade(Making making) {
        released.countDown();
        runner.withInitializer(context -> making.register((GenericApplicationContext) context, this))
                .run(context -> {
                    AsyncBatcher<Integer, Object> batcher = batcher(context, "stuck");
                    List<CompletableFuture<Object>> futures =
                            IntStream.range(0, 5).mapToObj(batcher::process).toList();

                    context.close();

                    assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
                });
    }

    @Test
    void anObjectThatIsRegisteredLaterIsDrainedToo() {
        released.countDown();
        runner.run(context -> {
            AsyncBatcher<Integer, Integer> late = stuck();
            context.getSourceApplicationContext().getBeanFactory().registerSingleton("late", late);
            late.pause();
            CompletableFuture<Integer> future = late.process(1);

            context.close();

            assertThat(future).isCompletedWithValue(1);
        });
    }

    @Test
    void anObjectHasAPlaceAmongTheBatchers() {
        runner.withInitializer(context -> Making.OBJECT.register((GenericApplicationContext) context, this))
                .run(context -> assertThat(context.getBean(Batchers.class).named("stuck"))
                        .isSameAs(context.getBean("stuck")));
    }

    // ---- what is set while the context is stopped ----

    private static AsyncBatcher<Integer, Object> texts(ApplicationContext context) {
        return batcher(context, "texts");
    }

    @Test
    void whatIsSetWhileTheContextIsStoppedStays() {
        runner.withBean(Texts.class).run(context -> {
            context.stop();
            texts(context)
                    .reconfigure(options ->
                            options.withMaxQueueTime(Duration.ofMinutes(5)).withMaxBatchSize(7));

            context.start();

            assertThat(texts(context).options().maxQueueTime()).isEqualTo(Duration.ofMinutes(5));
            assertThat(texts(context).options().maxBatchSize()).isEqualTo(7);
        });
    }

    @Test
    void anotherOptionThatIsSetWhileTheContextIsStoppedKeepsNoHurry() {
        runner.withBean(Texts.class).run(context -> {
            context.stop();
            texts(context).reconfigure(options -> options.withMaxBatchSize(7));

            context.start();

            assertThat(texts(context).options().maxQueueTime()).isEqualTo(LONG_LINGER);
            assertThat(texts(context).options().maxBatchSize()).isEqualTo(7);
        });
    }
}
