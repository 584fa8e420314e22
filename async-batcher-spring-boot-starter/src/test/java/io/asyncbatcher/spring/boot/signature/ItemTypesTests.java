package io.asyncbatcher.spring.boot.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.BatchedByFactory;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;

/** Types of items and results that don't say everything: wildcards and raw types can be written where a client is injected. */
@SuppressWarnings({"rawtypes", "unchecked", "serial"})
class ItemTypesTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0");

    static class Classes {
        @Batched
        List<String> names(List<Class<?>> types) {
            return types.stream().map(Class::getSimpleName).toList();
        }

        @Batched
        Map<Class<?>, Integer> lengths(List<Class<?>> types) {
            return Map.of(types.get(0), types.get(0).getSimpleName().length());
        }
    }

    record ClassUser(BatcherClient<Class<?>, String> client, BatcherClient<Class<?>, Integer> lengths) {}

    @Test
    void aClass() {
        runner.withBean(Classes.class).withBean(ClassUser.class).run(context -> {
            ClassUser user = context.getBean(ClassUser.class);
            assertThat(user.client().process(String.class))
                    .succeedsWithin(TestTimes.LONG)
                    .isEqualTo("String");
            assertThat(user.lengths().process(String.class))
                    .succeedsWithin(TestTimes.LONG)
                    .isEqualTo(6);
        });
    }

    static class Maps {
        @Batched
        List<Integer> sizes(List<Map<String, ?>> maps) {
            return maps.stream().map(Map::size).toList();
        }
    }

    record MapUser(BatcherClient<Map<String, ?>, Integer> client) {}

    @Test
    void aMapOfAnything() {
        runner.withBean(Maps.class)
                .withBean(MapUser.class)
                .run(context -> assertThat(
                                context.getBean(MapUser.class).client().process(Map.of("a", 1)))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo(1));
    }

    static class Raw {
        @Batched
        List<Comparator> comparators(List<Map> maps) {
            return maps.stream()
                    .<Comparator>map(map -> Comparator.naturalOrder())
                    .toList();
        }
    }

    record RawUser(BatcherClient<Map, Comparator> client) {}

    @Test
    void rawTypes() {
        runner.withBean(Raw.class)
                .withBean(RawUser.class)
                .run(context -> assertThat(
                                context.getBean(RawUser.class).client().process(Map.of()))
                        .succeedsWithin(TestTimes.LONG)
                        .isNotNull());
    }

    static class Row extends ArrayList implements Supplier {
        @Override
        public Object get() {
            return this;
        }
    }

    static class Rows {
        @Batched
        List<Integer> sizes(List<Row> rows) {
            return rows.stream().map(Row::size).toList();
        }
    }

    record RowUser(BatcherClient<Row, Integer> client) {}

    @Test
    void aClassWithRawSupertypes() {
        runner.withBean(Rows.class)
                .withBean(RowUser.class)
                .run(context -> assertThat(
                                context.getBean(RowUser.class).client().process(new Row()))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo(0));
    }

    static class Responses {
        @Batched
        List<ResponseEntity<?>> responses(List<Long> ids) {
            return ids.stream()
                    .<ResponseEntity<?>>map(id -> ResponseEntity.ok("body " + id))
                    .toList();
        }
    }

    record ResponseUser(BatcherClient<Long, ResponseEntity<?>> client) {}

    interface ResponseLookup {
        @BatchedBy("responses")
        ResponseEntity<?> response(Long id);
    }

    @Configuration(proxyBeanMethods = false)
    static class Lookups {
        @Bean
        ResponseLookup lookup(BatchedByFactory factory) {
            return factory.create(ResponseLookup.class);
        }
    }

    @Test
    void aResponseOfAnything() {
        runner.withBean(Responses.class)
                .withBean(ResponseUser.class)
                .withUserConfiguration(Lookups.class)
                .run(context -> {
                    assertThat(context.getBean(ResponseUser.class).client().process(1L))
                            .succeedsWithin(TestTimes.LONG)
                            .isEqualTo(ResponseEntity.ok("body 1"));
                    assertThat(context.getBean(ResponseLookup.class).response(2L))
                            .isEqualTo(ResponseEntity.ok("body 2"));
                });
    }

    abstract static class Loader<K, V> {
        @Batched("loaded")
        List<V> load(List<K> keys) {
            return keys.stream().map(this::one).toList();
        }

        abstract V one(K key);
    }

    static class SetLoader extends Loader<Class<?>, Set> {
        @Override
        Set one(Class<?> key) {
            return Set.of(key);
        }
    }

    record LoaderUser(BatcherClient<Class<?>, Set> client) {}

    @Test
    void theyMayComeFromAGenericBase() {
        runner.withBean(SetLoader.class)
                .withBean(LoaderUser.class)
                .run(context -> assertThat(
                                context.getBean(LoaderUser.class).client().process(String.class))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo(Set.of(String.class)));
    }

    static class Wildcards<T> {
        @Batched
        List<String> texts(List<Map<String, ? super T>> items) {
            return List.of();
        }
    }

    static class Arrays<T> {
        @Batched
        List<String> texts(List<Set<T>[]> items) {
            return List.of();
        }
    }

    @Test
    void aVariableThatNobodyResolvesIsStillRefused() {
        runner.withBean(Wildcards.class)
                .run(context -> assertThat(context).getFailure().hasMessageContaining("are not known"));
        runner.withBean(Arrays.class)
                .run(context -> assertThat(context).getFailure().hasMessageContaining("are not known"));
    }
}
