package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.VirtualTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results and outcomes by key, and what is said of keys that no item equals. */
class KeyedTests {

    /** One shape that takes its results from a map. */
    private interface Shape {
        AsyncBatcher.Builder<String, String> builder(BatchFunction<String, Map<String, String>> function);
    }

    private final List<LogRecord> logged = new ArrayList<>();
    private final Logger logger = Logger.getLogger("io.asyncbatcher");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logRecord) {
            logged.add(logRecord);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void listenNoMore() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    static List<Shape> shapes() {
        return List.of(
                function -> AsyncBatcher.builder(BatchProcessor.keyed(function)),
                function -> AsyncBatcher.asyncBuilder(
                        AsyncBatchProcessor.keyed(batch -> CompletableFuture.completedFuture(function.apply(batch)))),
                function -> AsyncBatcher.builder(
                        BatchProcessor.<String, String>keyedOutcomes(batch -> successes(function.apply(batch)))),
                function -> AsyncBatcher.asyncBuilder(AsyncBatchProcessor.<String, String>keyedOutcomes(
                        batch -> CompletableFuture.completedFuture(successes(function.apply(batch))))));
    }

    private static Map<String, Outcome<String>> successes(Map<String, String> results) {
        Map<String, Outcome<String>> outcomes = new HashMap<>();
        results.forEach((key, result) -> outcomes.put(key, Outcome.success(result)));
        return outcomes;
    }

    private static List<CompletableFuture<String>> process(AsyncBatcher<String, String> batcher, String... items) {
        List<CompletableFuture<String>> futures =
                Stream.of(items).map(batcher::process).toList();
        batcher.flush();
        assertThat(futures).allMatch(CompletableFuture::isDone);
        return futures;
    }

    private static AsyncBatcher<String, String> build(AsyncBatcher.Builder<String, String> builder) {
        return builder.name("prices")
                .time(new VirtualTime())
                .executor(Runnable::run)
                .build();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aMapInWhichNoKeyEqualsAnItemIsWarnedOfOnce(Shape shape) {
        AsyncBatcher<String, String> batcher =
                build(shape.builder(batch -> Map.of("S3CR3T", "price", "AN0THER", "price")));

        process(batcher, "s3cr3t", "an0ther", "third");
        process(batcher, "s3cr3t", "an0ther");

        assertThat(logged).singleElement().satisfies(warning -> {
            assertThat(warning.getLevel()).isEqualTo(java.util.logging.Level.WARNING);
            assertThat(warning.getMessage())
                    .contains(
                            "'prices'",
                            "a batch of 3 items",
                            "no key equals an item",
                            "the keys are of type java.lang.String, and the items of type java.lang.String")
                    .doesNotContainIgnoringCase("s3cr3t")
                    .doesNotContainIgnoringCase("an0ther");
        });
        process(build(shape.builder(batch -> Map.of("S3CR3T", "price"))), "s3cr3t", "an0ther");
        assertThat(logged).as("another batcher").hasSize(2);
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void keysOfAnotherTypeAreNamedByTheirTypes() {
        AsyncBatcher<Long, String> batcher = AsyncBatcher.<Long, String>builder(
                        BatchProcessor.keyed(batch -> (Map) Map.of(1, "one", 2, "two")))
                .maxBatchSize(2)
                .time(new VirtualTime())
                .executor(Runnable::run)
                .build();

        assertThat(List.of(batcher.process(1L), batcher.process(2L)))
                .allSatisfy(future -> assertThat(future).isCompletedWithValue(null));
        assertThat(logged)
                .singleElement()
                .extracting(LogRecord::getMessage)
                .asString()
                .contains("the keys are of type java.lang.Integer, and the items of type java.lang.Long");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void nothingFoundAndALoneItemAndOneKeyThatFitsAreNotWarnedOf(Shape shape) {
        process(build(shape.builder(batch -> Map.of())), "a", "b");
        process(build(shape.builder(batch -> Map.of("A", "price"))), "a");
        process(build(shape.builder(batch -> Map.of("A", "price", "b", "price"))), "a", "b");
        Map<String, String> withNull = new HashMap<>();
        withNull.put("a", null);
        process(build(shape.builder(batch -> withNull)), "a", "b");

        assertThat(logged).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outcomesByKeyEndEachItemInItsOwnWayAndAMissingOneFails(boolean inStage) {
        IllegalStateException cause = new IllegalStateException();
        Map<String, Outcome<String>> outcomes = Map.of("a", Outcome.success("A"), "b", Outcome.failure(cause));

        List<CompletableFuture<String>> futures = process(outcomes(inStage, outcomes), "b", "c", "a", "b");

        assertThat(ByHand.failure(futures.get(0))).isSameAs(cause);
        assertThat(ByHand.failure(futures.get(1))).isInstanceOf(NoSuchElementException.class);
        assertThat(futures.get(2)).isCompletedWithValue("A");
        assertThat(ByHand.failure(futures.get(3))).isSameAs(cause);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNullOutcomeOrMapBreaksTheContract(boolean inStage) {
        Map<String, Outcome<String>> outcomes = new HashMap<>();
        outcomes.put("a", Outcome.success("A"));
        outcomes.put("b", null);

        assertThat(process(outcomes(inStage, outcomes), "a", "b"))
                .extracting(ByHand::failure)
                .hasOnlyElementsOfType(BatchResultException.class);
        assertThat(process(outcomes(inStage, null), "a", "b"))
                .extracting(ByHand::failure)
                .hasOnlyElementsOfType(BatchResultException.class);
    }

    private static AsyncBatcher<String, String> outcomes(boolean inStage, Map<String, Outcome<String>> outcomes) {
        return build(
                inStage
                        ? AsyncBatcher.asyncBuilder(AsyncBatchProcessor.<String, String>keyedOutcomes(
                                batch -> CompletableFuture.completedFuture(outcomes)))
                        : AsyncBatcher.builder(BatchProcessor.<String, String>keyedOutcomes(batch -> outcomes)));
    }
}
