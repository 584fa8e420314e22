package io.asyncbatcher.spring.compatibility;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.BatchedByFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** An application that is also processed ahead of time: every way to a batcher, in one answer. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({TextsApplication.Texts.class, TextsApplication.Caller.class, TextsApplication.Controller.class})
public class TextsApplication {

    public static void main(String[] args) {
        SpringApplication.run(TextsApplication.class, args);
    }

    record Id(long value) {}

    static class Texts {
        @Batched("texts")
        List<String> load(List<Id> ids) {
            return ids.stream().map(id -> "text " + id.value()).toList();
        }
    }

    static class Caller {
        @BatchedBy("texts")
        String text(Id id) {
            throw new IllegalStateException("not through the proxy");
        }
    }

    interface Titles {
        @BatchedBy("titles")
        CompletableFuture<String> title(Id id);
    }

    @Bean
    Titles titleLookup(BatchedByFactory factory) {
        return factory.create(Titles.class);
    }

    @Bean
    AsyncBatcher<Id, String> titles() {
        return AsyncBatcher.<Id, String>builder(
                        ids -> ids.stream().map(id -> "title " + id.value()).toList())
                .name("titles")
                .maxQueueTime(Duration.ZERO)
                .build();
    }

    @RestController
    static class Controller {

        private final BatcherClient<Id, String> texts;
        private final Caller caller;
        private final Titles titles;
        private final BatcherClient<Id, String> distant;

        Controller(BatcherClient<Id, String> texts, Caller caller, Titles titles, BatcherClient<Id, String> distant) {
            this.texts = texts;
            this.caller = caller;
            this.titles = titles;
            this.distant = distant;
        }

        @GetMapping("/all")
        CompletableFuture<String> all(@RequestParam("id") long id) {
            Id item = new Id(id);
            String called = caller.text(item);
            return texts.process(item)
                    .thenCombine(titles.title(item), (text, title) -> text + ", " + called + ", " + title);
        }

        /** From a batcher of another application. */
        @GetMapping("/distant")
        CompletableFuture<String> distant(@RequestParam("id") long id) {
            return distant.process(new Id(id));
        }
    }
}
