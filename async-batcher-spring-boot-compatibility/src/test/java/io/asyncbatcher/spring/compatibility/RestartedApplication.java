package io.asyncbatcher.spring.compatibility;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.Batched;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/**
 * Has itself restarted by the developer tools, as a change of its classes would have it: with a new context in a new class
 * loader. Then it tells what of the first is left.
 */
@EnableAutoConfiguration
@Import(RestartedApplication.Texts.class)
public class RestartedApplication {

    static final String ANSWER = "The second context answers: ";
    static final String LEFT = "Left of the first context: ";

    private static final Duration LONGEST = Duration.ofSeconds(20);

    static class Texts {
        @Batched
        List<String> texts(List<Integer> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    @SuppressWarnings("unchecked")
    public static void main(String[] arguments) {
        ConfigurableApplicationContext context = SpringApplication.run(RestartedApplication.class, arguments);
        AsyncBatcher<Integer, String> texts = context.getBean("texts", AsyncBatcher.class);
        String answer = texts.process(1).join();
        Restarter restarter = Restarter.getInstance();
        List<WeakReference<Object>> first =
                (List<WeakReference<Object>>) restarter.getOrAddAttribute("first", ArrayList::new);
        if (first.isEmpty()) {
            // Not the class loader: the developer tools themselves keep the first one, with any application.
            Stream.of(context, texts, context.getBean(Texts.class))
                    .map(WeakReference::new)
                    .forEach(first::add);
            restarter.restart();
            return;
        }
        context.close();
        System.out.println(ANSWER + answer);
        System.out.println(LEFT + left(first));
        System.exit(0);
    }

    /** What the garbage collector doesn't take within a long time, and threads of ours. */
    private static List<Object> left(List<WeakReference<Object>> first) {
        List<Object> left = new ArrayList<>();
        try {
            Awaitility.await().atMost(LONGEST).until(() -> {
                System.gc();
                left.clear();
                first.stream().map(WeakReference::get).filter(Objects::nonNull).forEach(left::add);
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("async-batcher"))
                        .forEach(left::add);
                return left.isEmpty();
            });
        } catch (ConditionTimeoutException stillLeft) {
            // The test tells what.
        }
        return left;
    }
}
