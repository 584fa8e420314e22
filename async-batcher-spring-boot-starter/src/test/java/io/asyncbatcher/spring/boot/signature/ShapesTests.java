package io.asyncbatcher.spring.boot.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a method may take and give: every parameter with every return type, run through a real batcher. */
class ShapesTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-batch-size=3", "batcher.max-queue-time=1m");

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("positions")
    void everyPositionalShapeGivesEachCallerItsOwnResult(Class<?> type, String method) {
        runner.withBean(type)
                .run(context -> assertThat(
                                this.<String>process(context.getBean(method + "BatcherClient", BatcherClient.class)))
                        .containsExactly("r3", "r1", "r2"));
    }

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("keys")
    void everyKeyedShapeGivesTheValueOfTheItemAndNullForAMissingOne(Class<?> type, String method) {
        runner.withBean(type)
                .run(context -> assertThat(
                                this.<String>process(context.getBean(method + "BatcherClient", BatcherClient.class)))
                        .containsExactly("r3", "r1", null));
    }

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("nothing")
    void everyShapeWithoutResultsGivesNull(Class<?> type, String method) {
        runner.withBean(type)
                .run(context -> assertThat(
                                this.<Void>process(context.getBean(method + "BatcherClient", BatcherClient.class)))
                        .containsExactly(null, null, null));
    }

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("outcomes")
    void everyShapeOfOutcomesEndsEachItemInItsOwnWay(Class<?> type, String method) {
        runner.withBean(type).run(context -> {
            List<CompletableFuture<String>> futures =
                    submit(context.getBean(method + "BatcherClient", BatcherClient.class));
            assertThat(futures.get(0)).succeedsWithin(TestTimes.LONG).isEqualTo("r3");
            assertThat(futures.get(1)).succeedsWithin(TestTimes.LONG).isEqualTo("r1");
            assertThat(futures.get(2))
                    .failsWithin(TestTimes.LONG)
                    .withThrowableThat()
                    .withCause(new IllegalStateException("no 2"));
        });
    }

    @Test
    void primitiveArraysAreItemsAndResults() {
        runner.withBean(Primitives.class).run(context -> {
            BatcherClient<Long, Double> halves = context.getBean(Primitives.class).halves;
            assertThat(halves.processAll(List.of(1L, 2L, 3L)))
                    .succeedsWithin(TestTimes.LONG)
                    .isEqualTo(List.of(0.5, 1.0, 1.5));
        });
    }

    @Test
    void equalItemsAreOneElementOfASetAndAllGetTheAnswer() {
        runner.withBean(SetShapes.class).run(context -> {
            @SuppressWarnings("unchecked")
            BatcherClient<Integer, String> client = context.getBean("mapBatcherClient", BatcherClient.class);
            assertThat(client.processAll(List.of(1, 1, 1)))
                    .succeedsWithin(TestTimes.LONG)
                    .isEqualTo(List.of("r1", "r1", "r1"));
            assertThat(context.getBean(SetShapes.class).last).containsExactly(1);
        });
    }

    @SuppressWarnings("unchecked")
    private <R> List<R> process(BatcherClient<?, ?> client) {
        return this.<R>submit(client).stream()
                .map(future -> {
                    assertThat(future).succeedsWithin(TestTimes.LONG);
                    return future.join();
                })
                .toList();
    }

    @SuppressWarnings("unchecked")
    private <R> List<CompletableFuture<R>> submit(BatcherClient<?, ?> client) {
        BatcherClient<Integer, R> typed = (BatcherClient<Integer, R>) client;
        return List.of(typed.process(3), typed.process(1), typed.process(2));
    }

    static Stream<Arguments> positions() {
        return shapes("list", "collection", "array").stream()
                .flatMap(method -> Stream.concat(inAllCarriers(method), Stream.of("flux")))
                .distinct()
                .flatMap(ShapesTests::inAllClasses);
    }

    static Stream<Arguments> keys() {
        return Stream.concat(
                inAllCarriers("map").flatMap(ShapesTests::inAllClasses),
                inAllCarriers("map").map(method -> Arguments.of(SetShapes.class, method)));
    }

    static Stream<Arguments> nothing() {
        return Stream.concat(
                inAllCarriers("nothing").flatMap(ShapesTests::inAllClasses),
                inAllCarriers("nothing").map(method -> Arguments.of(SetShapes.class, method)));
    }

    static Stream<Arguments> outcomes() {
        return Stream.concat(
                Stream.of(inAllCarriers("outcomes"), Stream.of("fluxOfOutcomes"), inAllCarriers("outcomesByKey"))
                        .flatMap(methods -> methods)
                        .flatMap(ShapesTests::inAllClasses),
                inAllCarriers("outcomesByKey").map(method -> Arguments.of(SetShapes.class, method)));
    }

    private static List<String> shapes(String... methods) {
        return List.of(methods);
    }

    private static Stream<String> inAllCarriers(String method) {
        return Stream.of("", "Stage", "Future", "Mono").map(carrier -> method + carrier);
    }

    private static Stream<Arguments> inAllClasses(String method) {
        return Stream.of(ListShapes.class, CollectionShapes.class, IterableShapes.class, ArrayShapes.class)
                .map(type -> Arguments.of(type, method));
    }

    /** Every way to have no need of positions. */
    abstract static class UnorderedShapes<P> {

        abstract Stream<Integer> stream(P items);

        @Batched
        Map<Integer, String> map(P items) {
            Map<Integer, String> results = new LinkedHashMap<>();
            stream(items).sorted().filter(item -> item != 2).forEach(item -> results.put(item, "r" + item));
            return results;
        }

        @Batched
        CompletionStage<Map<Integer, String>> mapStage(P items) {
            return mapFuture(items);
        }

        @Batched
        CompletableFuture<Map<Integer, String>> mapFuture(P items) {
            return CompletableFuture.supplyAsync(() -> map(items));
        }

        @Batched
        Mono<Map<Integer, String>> mapMono(P items) {
            return Mono.fromSupplier(() -> map(items));
        }

        @Batched
        Map<Integer, Outcome<String>> outcomesByKey(P items) {
            return stream(items)
                    .collect(Collectors.toMap(
                            item -> item,
                            item -> item == 2
                                    ? Outcome.failure(new IllegalStateException("no 2"))
                                    : Outcome.success("r" + item)));
        }

        @Batched
        CompletionStage<Map<Integer, Outcome<String>>> outcomesByKeyStage(P items) {
            return outcomesByKeyFuture(items);
        }

        @Batched
        CompletableFuture<Map<Integer, Outcome<String>>> outcomesByKeyFuture(P items) {
            return CompletableFuture.supplyAsync(() -> outcomesByKey(items));
        }

        @Batched
        Mono<Map<Integer, Outcome<String>>> outcomesByKeyMono(P items) {
            return Mono.fromSupplier(() -> outcomesByKey(items));
        }

        @Batched
        void nothing(P items) {
            assertThat(stream(items)).containsExactly(3, 1, 2);
        }

        @Batched
        CompletionStage<Void> nothingStage(P items) {
            return nothingFuture(items);
        }

        @Batched
        CompletableFuture<Void> nothingFuture(P items) {
            return CompletableFuture.runAsync(() -> nothing(items));
        }

        @Batched
        Mono<Void> nothingMono(P items) {
            return Mono.fromRunnable(() -> nothing(items));
        }
    }

    /** Every way to answer by position. */
    abstract static class OrderedShapes<P> extends UnorderedShapes<P> {

        @Batched
        List<String> list(P items) {
            return stream(items).map(item -> "r" + item).toList();
        }

        @Batched
        CompletionStage<List<String>> listStage(P items) {
            return listFuture(items);
        }

        @Batched
        CompletableFuture<List<String>> listFuture(P items) {
            return CompletableFuture.supplyAsync(() -> list(items));
        }

        @Batched
        Mono<List<String>> listMono(P items) {
            return Mono.fromSupplier(() -> list(items));
        }

        @Batched
        Collection<String> collection(P items) {
            return new ArrayDeque<>(list(items));
        }

        @Batched
        CompletionStage<Collection<String>> collectionStage(P items) {
            return collectionFuture(items);
        }

        @Batched
        CompletableFuture<Collection<String>> collectionFuture(P items) {
            return CompletableFuture.supplyAsync(() -> collection(items));
        }

        @Batched
        Mono<Collection<String>> collectionMono(P items) {
            return Mono.fromSupplier(() -> collection(items));
        }

        @Batched
        String[] array(P items) {
            return list(items).toArray(String[]::new);
        }

        @Batched
        CompletionStage<String[]> arrayStage(P items) {
            return arrayFuture(items);
        }

        @Batched
        CompletableFuture<String[]> arrayFuture(P items) {
            return CompletableFuture.supplyAsync(() -> array(items));
        }

        @Batched
        Mono<String[]> arrayMono(P items) {
            return Mono.fromSupplier(() -> array(items));
        }

        @Batched
        Flux<String> flux(P items) {
            return Flux.fromIterable(list(items));
        }

        @Batched
        List<Outcome<String>> outcomes(P items) {
            return stream(items)
                    .map(item -> item == 2
                            ? Outcome.<String>failure(new IllegalStateException("no 2"))
                            : Outcome.success("r" + item))
                    .toList();
        }

        @Batched
        CompletionStage<List<Outcome<String>>> outcomesStage(P items) {
            return outcomesFuture(items);
        }

        @Batched
        CompletableFuture<List<Outcome<String>>> outcomesFuture(P items) {
            return CompletableFuture.supplyAsync(() -> outcomes(items));
        }

        @Batched
        Mono<List<Outcome<String>>> outcomesMono(P items) {
            return Mono.fromSupplier(() -> outcomes(items));
        }

        @Batched
        Flux<Outcome<String>> fluxOfOutcomes(P items) {
            return Flux.fromIterable(outcomes(items));
        }
    }

    static class ListShapes extends OrderedShapes<List<Integer>> {
        @Override
        Stream<Integer> stream(List<Integer> items) {
            return items.stream();
        }
    }

    static class CollectionShapes extends OrderedShapes<Collection<Integer>> {
        @Override
        Stream<Integer> stream(Collection<Integer> items) {
            return items.stream();
        }
    }

    static class IterableShapes extends OrderedShapes<Iterable<Integer>> {
        @Override
        Stream<Integer> stream(Iterable<Integer> items) {
            return StreamSupport.stream(items.spliterator(), false);
        }
    }

    static class ArrayShapes extends OrderedShapes<Integer[]> {
        @Override
        Stream<Integer> stream(Integer[] items) {
            return Arrays.stream(items);
        }
    }

    static class SetShapes extends UnorderedShapes<Set<Integer>> {

        private volatile List<Integer> last = List.of();

        @Override
        Stream<Integer> stream(Set<Integer> items) {
            last = new ArrayList<>(items);
            return items.stream();
        }
    }

    static class Primitives {

        private final BatcherClient<Long, Double> halves;

        Primitives(BatcherClient<Long, Double> halves) {
            this.halves = halves;
        }

        @Batched
        double[] halves(long[] items) {
            return Arrays.stream(items).mapToDouble(item -> item / 2.0).toArray();
        }
    }
}
