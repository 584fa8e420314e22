package io.asyncbatcher.spring.boot.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/** Stage one of a stop: who waits for requests in flight doesn't have to wait for a linger or the end of a pause. */
class PromptDispatchTests {

    private static final Duration LONG_LINGER = Duration.ofMinutes(10);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=10m")
            .withBean(Texts.class)
            .withBean("late", AsyncBatcher.class, PromptDispatchTests::late, late -> late.setLazyInit(true))
            .withBean(Server.class);

    static class Texts {
        @Batched
        List<String> texts(List<Integer> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    private static AsyncBatcher<Integer, Integer> late() {
        return AsyncBatcher.<Integer, Integer>builder(List::copyOf)
                .name("late")
                .maxQueueTime(LONG_LINGER)
                .build();
    }

    /** Is stopped when its requests are answered, as a web server with a graceful shutdown. */
    static class Server implements SmartLifecycle {

        private final BeanFactory beans;
        private final List<CompletableFuture<?>> requests = new ArrayList<>();
        private @Nullable String beanOfTheLastRequest = "texts";
        private int answered;
        private volatile boolean running;

        Server(BeanFactory beans) {
            this.beans = beans;
        }

        void request(int id) {
            requests.add(batcher(beans, "texts").process(id));
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
            if (beanOfTheLastRequest != null) {
                requests.add(batcher(beans, beanOfTheLastRequest).process(99));
            }
            running = false;
            assertThat(CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(TestTimes.LONG);
            // What is thrown here reaches no test, and later all futures are completed anyway.
            answered = requests.size();
        }
    }

    @SuppressWarnings("unchecked")
    private static AsyncBatcher<Integer, Object> batcher(BeanFactory beans, String name) {
        return beans.getBean(name, AsyncBatcher.class);
    }

    @Test
    void aContextThatIsStoppedWithoutBeingClosedAnswersItsRequestsToo() {
        runner.run(context -> {
            Server server = context.getBean(Server.class);
            IntStream.range(0, 50).forEach(server::request);

            context.stop();

            assertThat(server.answered).isEqualTo(51);
        });
    }

    @Test
    void aPauseEndsWhenTheContextBeginsToClose() {
        runner.run(context -> {
            Server server = context.getBean(Server.class);
            batcher(context, "texts").pause();
            IntStream.range(0, 50).forEach(server::request);

            context.close();

            assertThat(server.answered).isEqualTo(51);
        });
    }

    @Test
    void startRestoresLingerAndPause() {
        runner.run(context -> {
            AsyncBatcher<Integer, Object> texts = batcher(context, "texts");
            texts.pause();

            context.stop();
            assertThat(texts.snapshot().paused()).isFalse();
            context.start();

            assertThat(texts.options().maxQueueTime()).isEqualTo(LONG_LINGER);
            assertThat(texts.snapshot().paused()).isTrue();
            assertThat(texts.isRunning()).isTrue();
        });
    }

    @Test
    void aStartRestoresOnlyWhatTheStopHasChanged() {
        runner.run(context -> {
            AsyncBatcher<Integer, Object> texts = batcher(context, "texts");
            context.stop();
            context.start();
            texts.reconfigure(options -> options.withMaxQueueTime(Duration.ofMinutes(5)));

            context.stop();
            context.start();

            assertThat(texts.options().maxQueueTime()).isEqualTo(Duration.ofMinutes(5));
            assertThat(texts.snapshot().paused()).isFalse();
        });
    }

    @Test
    void aBatcherThatIsMadeForTheLastRequestIsInTheSameHurry() {
        runner.run(context -> {
            Server server = context.getBean(Server.class);
            server.beanOfTheLastRequest = "late";
            assertThat(context.getBeanFactory().containsSingleton("late")).isFalse();

            context.close();

            assertThat(server.answered).isEqualTo(1);
        });
    }

    @Test
    void aContextThatTestsPauseGoesOnBatching() {
        runner.run(context -> {
            AsyncBatcher<Integer, Object> texts = batcher(context, "texts");
            // It would wait for the linger, which a pause doesn't end.
            context.getBean(Server.class).beanOfTheLastRequest = null;
            ConfigurableApplicationContext pauseable = context.getSourceApplicationContext();

            pauseable.pause();
            assertThat(context.getBean(Server.class).isRunning()).isFalse();
            assertThat(texts.isRunning()).isTrue();
            assertThat(texts.options().maxQueueTime()).isEqualTo(LONG_LINGER);
            pauseable.restart();

            CompletableFuture<Object> text = texts.process(1);
            texts.flush();
            assertThat(text).succeedsWithin(TestTimes.LONG).isEqualTo("text 1");
        });
    }
}
