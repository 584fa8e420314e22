package io.asyncbatcher.spring.boot.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.BatchedByFactory;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Methods that return a primitive, and so have nothing to return for an item without a result. */
class PrimitiveResultsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0")
            .withUserConfiguration(Beans.class);

    interface Lookup {
        @BatchedBy("levels")
        int level(Long id);
    }

    static class Stock {
        @BatchedBy("levels")
        int level(Long id) {
            throw new AssertionError("not through a proxy");
        }

        @Batched
        Map<Long, Integer> levels(List<Long> ids) {
            return ids.contains(1L) ? Map.of(1L, 11) : Map.of();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        Stock stock() {
            return new Stock();
        }

        @Bean
        Lookup lookup(BatchedByFactory factory) {
            return factory.create(Lookup.class);
        }
    }

    private static String message(Class<?> type) {
        return "Batcher 'levels' gave null as the result of " + type.getName() + ".level(Long), which returns int."
                + " Return its wrapper class where a result may be missing.";
    }

    @Test
    void aMissingResultIsToldByName() {
        runner.run(context -> {
            assertThat(context.getBean(Lookup.class).level(1L)).isEqualTo(11);
            assertThatIllegalStateException()
                    .isThrownBy(() -> context.getBean(Lookup.class).level(2L))
                    .withMessage(message(Lookup.class));
        });
    }

    @Test
    void soItIsBehindAProxyOfAClass() {
        runner.run(context -> {
            assertThat(context.getBean(Stock.class).level(1L)).isEqualTo(11);
            assertThatIllegalStateException()
                    .isThrownBy(() -> context.getBean(Stock.class).level(2L))
                    .withMessage(message(Stock.class));
        });
    }
}
