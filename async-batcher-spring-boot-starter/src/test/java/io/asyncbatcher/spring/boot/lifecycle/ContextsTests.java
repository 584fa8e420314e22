package io.asyncbatcher.spring.boot.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Several contexts in one JVM, beside, above and after each other. */
class ContextsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=10m");

    static class Texts {
        @Batched("parent-texts")
        List<String> texts(List<Integer> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    static class Numbers {
        @Batched("child-numbers")
        List<Integer> numbers(List<String> texts) {
            return texts.stream().map(String::length).toList();
        }
    }

    record User(BatcherClient<Integer, String> texts, BatcherClient<String, Integer> numbers) {}

    @SuppressWarnings("unchecked")
    private static AsyncBatcher<Object, Object> batcher(ApplicationContext context, String name) {
        return context.getBean(name, AsyncBatcher.class);
    }

    @Test
    void theEndOfAChildEndsOnlyItsOwnBatchers() {
        runner.withBean(Texts.class)
                .run(parent -> runner.withBean(Numbers.class)
                        .withBean(User.class)
                        .withParent(parent)
                        .run(child -> {
                            User user = child.getBean(User.class);
                            CompletableFuture<String> text = user.texts().process(1);
                            CompletableFuture<Integer> number = user.numbers().process("four");

                            child.close();

                            assertThat(number).isCompletedWithValue(4);
                            assertThat(user.numbers().process("late")).isCompletedExceptionally();
                            assertThat(text).isNotDone();
                            assertThat(batcher(parent, "parent-texts").isRunning())
                                    .isTrue();
                            parent.getSourceApplicationContext().close();
                            assertThat(text).isCompletedWithValue("text 1");
                        }));
    }

    @Test
    void eachContextTellsOfItsOwnBatchers() {
        runner.withBean(Texts.class)
                .run(parent -> runner.withBean(Numbers.class).withParent(parent).run(child -> {
                    assertThat(parent.getBean(Batchers.class).all())
                            .extracting(AsyncBatcher::name)
                            .containsExactly("parent-texts");
                    assertThat(child.getBean(Batchers.class).all())
                            .extracting(AsyncBatcher::name)
                            .containsExactly("child-numbers");
                }));
    }

    @Test
    void nothingOfAClosedContextIsReachableOrRunning() {
        List<WeakReference<Object>> first = openUseAndClose();

        assertThat(openUseAndClose()).isNotEmpty();

        Awaitility.await().atMost(TestTimes.LONG).untilAsserted(() -> {
            System.gc();
            assertThat(first)
                    .allSatisfy(reference -> assertThat(reference.get()).isNull());
            assertThat(threads()).noneMatch(thread -> thread.getName().contains("parent-texts"));
        });
    }

    private static List<WeakReference<Object>> openUseAndClose() {
        try (AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(BatcherAutoConfiguration.class, Texts.class)) {
            AsyncBatcher<Object, Object> texts = batcher(context, "parent-texts");
            assertThat(texts.process(1)).succeedsWithin(TestTimes.LONG).isEqualTo("text 1");
            List<WeakReference<Object>> references = new ArrayList<>();
            List.of(context, texts, context.getBean(Texts.class), context.getBean(Batchers.class))
                    .forEach(object -> references.add(new WeakReference<>(object)));
            return references;
        }
    }

    @Test
    void aHundredBatchersHaveNoThread() {
        Set<Thread> before = threads();
        ApplicationContextRunner hundred = runner;
        for (int i = 0; i < 100; i++) {
            String name = "batcher-" + i;
            hundred = hundred.withBean(
                    name,
                    AsyncBatcher.class,
                    () -> AsyncBatcher.builder(batch -> batch).name(name).build());
        }
        hundred.run(context -> {
            assertThat(context.getBean(Batchers.class).all()).hasSize(100);
            assertThat(threads()).isSubsetOf(before);
        });
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }
}
