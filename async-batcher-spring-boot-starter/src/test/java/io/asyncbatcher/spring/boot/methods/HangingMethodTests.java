package io.asyncbatcher.spring.boot.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** With an {@code item-timeout} a batch method that hangs holds no caller, whichever way the items come. */
class HangingMethodTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.item-timeout=1ms", "batcher.max-batch-size=1")
            .withBean(Texts.class)
            .withBean(Lookup.class);

    static class Texts {
        @Batched
        CompletableFuture<List<String>> texts(List<Long> ids) {
            return new CompletableFuture<>();
        }
    }

    static class Lookup {
        @BatchedBy("texts")
        String text(Long id) {
            throw new AssertionError("not through the proxy");
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void itHoldsNoCaller() {
        runner.run(context -> {
            BatcherClient<Long, String> client = context.getBean("textsBatcherClient", BatcherClient.class);

            assertThatExceptionOfType(ItemExpiredException.class)
                    .isThrownBy(() -> context.getBean(Lookup.class).text(1L));
            assertThat(client.process(2L))
                    .failsWithin(TestTimes.LONG)
                    .withThrowableThat()
                    .withCauseInstanceOf(ItemExpiredException.class);
            assertThat(client.processAll(List.of(3L, 4L)))
                    .failsWithin(TestTimes.LONG)
                    .withThrowableThat()
                    .withCauseInstanceOf(ItemExpiredException.class);
        });
    }
}
