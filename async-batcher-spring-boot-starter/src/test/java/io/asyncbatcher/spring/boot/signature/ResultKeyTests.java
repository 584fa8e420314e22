package io.asyncbatcher.spring.boot.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Results in any order, matched by a property; and results by position that can't be. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class ResultKeyTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-batch-size=4", "batcher.max-queue-time=10m", "key.of.rows=sku");

    record Row(String sku, int cents) {

        static Row of(String sku) {
            return new Row(sku, sku.length());
        }
    }

    /** What a database answers: its own order, and nothing for what it doesn't know. */
    private static List<Row> rows(Collection<String> skus) {
        return skus.stream()
                .filter(sku -> !sku.equals("unknown"))
                .distinct()
                .sorted()
                .map(Row::of)
                .toList();
    }

    @SafeVarargs
    @SuppressWarnings({"unchecked", "varargs"})
    private static <T, R> List<CompletableFuture<R>> submit(
            AssertableApplicationContext context, String name, T... items) {
        BatcherClient<T, R> client = context.getBean(name + "BatcherClient", AsyncBatcher.class);
        return Stream.of(items).map(client::process).toList();
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static <T, R> List<R> process(AssertableApplicationContext context, String name, T... items) {
        return ResultKeyTests.<T, R>submit(context, name, items).stream()
                .map(future -> {
                    assertThat(future).succeedsWithin(TestTimes.LONG);
                    return future.join();
                })
                .toList();
    }

    static class Shapes {

        @Batched(resultKey = "sku")
        List<Row> list(List<String> skus) {
            return rows(skus);
        }

        @Batched(resultKey = "sku")
        Collection<Row> collection(Collection<String> skus) {
            return Set.copyOf(rows(skus));
        }

        @Batched(resultKey = "sku")
        Set<Row> set(Set<String> skus) {
            return Set.copyOf(rows(skus));
        }

        @Batched(resultKey = "sku")
        Iterable<Row> iterable(Iterable<String> skus) {
            List<String> all = new ArrayList<>();
            skus.forEach(all::add);
            List<Row> rows = rows(all);
            return () -> rows.iterator(); // nothing but an Iterable
        }

        @Batched(resultKey = "sku")
        Row[] array(String[] skus) {
            Arrays.sort(skus);
            return rows(List.of(skus)).toArray(Row[]::new);
        }

        @Batched(resultKey = "${key.of.rows}")
        CompletionStage<List<Row>> stage(List<String> skus) {
            return CompletableFuture.supplyAsync(() -> rows(skus));
        }

        @Batched(resultKey = "sku")
        CompletableFuture<Collection<Row>> future(List<String> skus) {
            return CompletableFuture.supplyAsync(() -> Set.copyOf(rows(skus)));
        }

        @Batched(resultKey = "sku")
        Mono<Collection<Row>> mono(List<String> skus) {
            return Mono.fromSupplier(() -> Set.copyOf(rows(skus)));
        }

        @Batched(resultKey = "sku")
        Flux<Row> flux(List<String> skus) {
            return Flux.fromIterable(rows(skus));
        }
    }

    @Test
    @DisplayName("Promise 2: whatever the results come in and in which order, each caller gets its own, or null")
    void everyShapeGivesEachCallerItsOwnResult() {
        runner.withBean(Shapes.class).run(context -> {
            for (String shape :
                    List.of("list", "collection", "set", "iterable", "array", "stage", "future", "mono", "flux")) {
                assertThat(ResultKeyTests.<String, Row>process(context, shape, "ccc", "a", "unknown", "bb"))
                        .as(shape)
                        .containsExactly(Row.of("ccc"), Row.of("a"), null, Row.of("bb"));
                assertThat(ResultKeyTests.<String, Row>process(context, shape, "bb", "a", "bb", "bb"))
                        .as(shape)
                        .containsExactly(Row.of("bb"), Row.of("a"), Row.of("bb"), Row.of("bb"));
            }
        });
    }

    static class Bean {

        private final long id;

        Bean(long id) {
            this.id = id;
        }

        public long getId() {
            return id;
        }
    }

    static class Inherited extends Bean {
        Inherited(long id) {
            super(id);
        }
    }

    interface View {
        Long getId();
    }

    static class Fluent {

        private final Long id;

        Fluent(Long id) {
            this.id = id;
        }

        public Long id() {
            return id;
        }
    }

    static class Field {

        public final long id;

        Field(long id) {
            this.id = id;
        }
    }

    record Generic<K>(K id) {}

    static class Kinds {

        private static <R> List<R> reversed(List<Long> ids, java.util.function.Function<Long, R> result) {
            List<Long> reversed = new ArrayList<>(ids);
            Collections.reverse(reversed);
            return reversed.stream().map(result).toList();
        }

        @Batched(resultKey = "id")
        List<Bean> bean(List<Long> ids) {
            return reversed(ids, Bean::new);
        }

        @Batched(resultKey = "id")
        List<Inherited> inherited(List<Long> ids) {
            return reversed(ids, Inherited::new);
        }

        @Batched(resultKey = "id")
        List<View> view(List<Long> ids) {
            return reversed(ids, id -> () -> id);
        }

        @Batched(resultKey = "id")
        List<Fluent> fluent(List<Long> ids) {
            return reversed(ids, Fluent::new);
        }

        @Batched(resultKey = "id")
        List<Field> field(List<Long> ids) {
            return reversed(ids, Field::new);
        }

        @Batched(resultKey = "id")
        List<Generic<Long>> generic(List<Long> ids) {
            return reversed(ids, Generic::new);
        }

        @Batched(resultKey = "key")
        List<Map.Entry<Long, String>> entry(List<Long> ids) {
            return reversed(ids, id -> Map.entry(id, "text"));
        }

        @Batched(resultKey = "id")
        Bean[] primitive(long[] ids) {
            return reversed(Arrays.stream(ids).boxed().toList(), Bean::new).toArray(Bean[]::new);
        }
    }

    @ParameterizedTest
    @CsvSource({"bean", "inherited", "view", "fluent", "field", "generic", "entry", "primitive"})
    void everyKindOfPropertyIsRead(String kind) {
        runner.withBean(Kinds.class).run(context -> {
            List<Object> results = process(context, kind, 1000L, 2000L, 3000L, 4000L);
            assertThat(results.stream().map(ResultKeyTests::id)).containsExactly(1000L, 2000L, 3000L, 4000L);
        });
    }

    private static Object id(Object result) {
        if (result instanceof Bean bean) {
            return bean.getId();
        }
        if (result instanceof View view) {
            return view.getId();
        }
        if (result instanceof Fluent fluent) {
            return fluent.id();
        }
        if (result instanceof Field field) {
            return field.id;
        }
        return result instanceof Generic<?> generic ? generic.id() : ((Map.Entry<?, ?>) result).getKey();
    }

    record Request(String sku, String caller) {}

    static class Requests {

        @Batched(resultKey = "sku", itemKey = "sku")
        List<Row> byItemKey(List<Request> requests) {
            return rows(requests.stream().map(Request::sku).toList());
        }
    }

    @Test
    void anItemThatIsNotTheKeyItselfIsMatchedByItsOwnProperty() {
        runner.withBean(Requests.class)
                .run(context -> assertThat(ResultKeyTests.<Request, Row>process(
                                context,
                                "byItemKey",
                                new Request("bb", "ada"),
                                new Request("unknown", "ada"),
                                new Request("a", "bob"),
                                new Request("bb", "bob")))
                        .containsExactly(Row.of("bb"), null, Row.of("a"), Row.of("bb")));
    }

    static class Breaches {

        @Batched(resultKey = "sku")
        List<Row> foreign(List<String> skus) {
            return List.of(Row.of("s3cr3t"));
        }

        @Batched(resultKey = "sku")
        Mono<List<Row>> twice(List<String> skus) {
            return Mono.just(List.of(new Row("a", 1), new Row("a", 2)));
        }

        @Batched(resultKey = "sku")
        Flux<Row> endless(List<String> skus) {
            return Flux.generate(sink -> sink.next(Row.of("a")));
        }

        @Batched(resultKey = "sku")
        List<Row> nothing(List<String> skus) {
            return null;
        }

        @Batched
        Collection<Row> unordered(List<String> skus) {
            Map<String, Row> byText = new HashMap<>();
            rows(skus).forEach(row -> byText.put(row.sku(), row));
            return byText.values();
        }

        @Batched
        CompletionStage<Collection<Row>> unorderedStage(List<String> skus) {
            return CompletableFuture.completedFuture(Set.copyOf(rows(skus)));
        }

        @Batched
        Mono<Collection<Row>> unorderedMono(List<String> skus) {
            return Mono.just(new ConcurrentLinkedQueue<>(rows(skus)));
        }

        @Batched
        Collection<Outcome<Row>> unorderedOutcomes(List<String> skus) {
            return Set.copyOf(rows(skus).stream().map(Outcome::success).toList());
        }

        @Batched
        String[] sortedArray(String[] skus) {
            Arrays.sort(skus);
            return skus;
        }

        @Batched
        List<Long> sortedPrimitives(long[] ids) {
            Arrays.sort(ids);
            return Arrays.stream(ids).boxed().toList();
        }
    }

    private static Consumer<Throwable> breach(String name, String message) {
        return failure -> assertThat(failure)
                .isInstanceOf(BatchResultException.class)
                .hasMessageContaining("batcher '" + name + "' broke its contract in a batch of 4 items: ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("s3cr3t");
    }

    @ParameterizedTest
    @CsvSource({
        "foreign, belongs to no item of the batch",
        "twice, two results for one item",
        "endless, two results for one item",
        "nothing, returned null",
        "unordered, 'a java.util.HashMap$Values, which has no order'",
        "unorderedStage, which has no order",
        "unorderedMono, 'a java.util.concurrent.ConcurrentLinkedQueue, which has no order'",
        "unorderedOutcomes, which has no order",
        "sortedArray, changed the array of the items"
    })
    void whatBelongsToNobodyBreaksTheContract(String name, String message) {
        runner.withBean(Breaches.class)
                .run(context -> assertThat(ResultKeyTests.<String, Object>submit(context, name, "d", "a", "c", "b"))
                        .allSatisfy(future -> assertThat(future)
                                .failsWithin(TestTimes.LONG)
                                .withThrowableThat()
                                .havingCause()
                                .satisfies(breach(name, message))));
    }

    @Test
    void anArrayOfPrimitivesThatIsSortedInPlaceBreaksTheContract() {
        runner.withBean(Breaches.class)
                .run(context -> assertThat(
                                ResultKeyTests.<Long, Object>submit(context, "sortedPrimitives", 4L, 1L, 3L, 2L))
                        .allSatisfy(future -> assertThat(future)
                                .failsWithin(TestTimes.LONG)
                                .withThrowableThat()
                                .havingCause()
                                .satisfies(breach("sortedPrimitives", "changed the array"))));
    }

    static class Ordered {

        private static volatile Collection<String> results = List.of();

        @Batched
        Collection<String> ordered(List<String> skus) {
            return results;
        }
    }

    @Test
    void orderedCollectionsAreReadByPosition() {
        runner.withBean(Ordered.class).run(context -> {
            for (Collection<String> results : List.of(
                    new LinkedHashSet<>(List.of("1", "2", "3", "4")), new TreeSet<>(Set.of("1", "2", "3", "4")))) {
                Ordered.results = results;
                assertThat(ResultKeyTests.<String, String>process(context, "ordered", "d", "a", "c", "b"))
                        .containsExactly("1", "2", "3", "4");
            }
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void everySequencedCollectionIsReadByPosition() {
        runner.withBean(Ordered.class).run(context -> {
            Map<String, String> inOrder = new java.util.LinkedHashMap<>();
            Stream.of("1", "2", "3", "4").forEach(result -> inOrder.put("key " + result, result));
            Ordered.results = inOrder.values();
            assertThat(ResultKeyTests.<String, String>process(context, "ordered", "d", "a", "c", "b"))
                    .containsExactly("1", "2", "3", "4");
        });
    }

    // ---- what stops the start ----

    private void refuses(Class<?> type, String description, String action) {
        runner.withBean(type)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(BatcherConfigurationException.class, failure -> {
                            assertThat(failure.description())
                                    .isEqualTo("The method " + type.getName() + "." + description);
                            assertThat(failure.action()).isEqualTo(action);
                        }));
    }

    static class Misspelt {
        @Batched(resultKey = "sky")
        List<Row> load(List<String> skus) {
            return List.of();
        }
    }

    @Test
    void aResultKeyThatIsNoPropertyStopsTheStart() {
        refuses(
                Misspelt.class,
                "load(List) can't be @Batched: its resultKey 'sky' is no property of " + Row.class.getName() + ".",
                "Let resultKey of @Batched on " + Misspelt.class.getName() + ".load(List) name a record component, a"
                        + " getter, a public method without parameters or a public field of " + Row.class.getName()
                        + "; it has: cents (java.lang.Integer), sku (java.lang.String).");
    }

    static class MisspeltItem {
        @Batched(resultKey = "sku", itemKey = "sky")
        List<Row> load(List<Request> requests) {
            return List.of();
        }
    }

    @Test
    void anItemKeyThatIsNoPropertyStopsTheStart() {
        refuses(
                MisspeltItem.class,
                "load(List) can't be @Batched: its itemKey 'sky' is no property of " + Request.class.getName() + ".",
                "Let itemKey of @Batched on " + MisspeltItem.class.getName() + ".load(List) name a record component, a"
                        + " getter, a public method without parameters or a public field of "
                        + Request.class.getName() + "; it has: caller (java.lang.String), sku (java.lang.String).");
    }

    static class OtherType {
        @Batched(resultKey = "cents")
        List<Row> load(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aResultKeyOfAnotherTypeThanTheItemStopsTheStart() {
        refuses(
                OtherType.class,
                "load(List) can't be @Batched: its resultKey 'cents' is of type java.lang.Integer, and its items of type"
                        + " java.lang.Long, so that none would equal the other.",
                "Let resultKey of @Batched on " + OtherType.class.getName() + ".load(List) name a property of type"
                        + " java.lang.Long; " + Row.class.getName()
                        + " has: cents (java.lang.Integer), sku (java.lang.String). Or name the item's property that"
                        + " equals it by itemKey.");
    }

    static class OtherItemType {
        @Batched(resultKey = "cents", itemKey = "sku")
        List<Row> load(List<Request> requests) {
            return List.of();
        }
    }

    @Test
    void aResultKeyOfAnotherTypeThanTheItemKeyStopsTheStart() {
        runner.withBean(OtherItemType.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("its resultKey 'cents' is of type java.lang.Integer, and its itemKey"
                                + " 'sku' of type java.lang.String, so that none would equal the other."));
    }

    static class ArrayItems {
        @SuppressWarnings("ArrayRecordComponent") // which is the point
        record Blob(byte[] id) {}

        @Batched(resultKey = "id")
        List<Blob> load(List<byte[]> ids) {
            return List.of();
        }
    }

    @Test
    void arraysEqualNothingAndStopTheStart() {
        runner.withBean(ArrayItems.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("its resultKey 'id' is of type byte[], and its items of type byte[]"));
    }

    static class ItemKeyAlone {
        @Batched(itemKey = "sku")
        List<Row> load(List<Request> requests) {
            return List.of();
        }
    }

    @Test
    void anItemKeyWithoutAResultKeyStopsTheStart() {
        refuses(
                ItemKeyAlone.class,
                "load(List) can't be @Batched: it has the itemKey 'sku', but no resultKey.",
                "Name the property of a result that equals it by resultKey.");
    }

    static class KeyedMap {
        @Batched(resultKey = "sku")
        Map<String, Row> load(List<String> skus) {
            return Map.of();
        }
    }

    static class KeyedOutcomes {
        @Batched(resultKey = "sku")
        List<Outcome<Row>> load(List<String> skus) {
            return List.of();
        }
    }

    static class KeyedNothing {
        @Batched(resultKey = "sku")
        void load(List<String> skus) {}
    }

    @ParameterizedTest
    @ValueSource(classes = {KeyedMap.class, KeyedOutcomes.class, KeyedNothing.class})
    void aResultKeyWithoutResultsInAnyOrderStopsTheStart(Class<?> type) {
        runner.withBean(type)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("can't be @Batched: it has a resultKey, but returns a ")
                        .hasMessageContaining("or leave resultKey out."));
    }
}
