package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results in any order, which say themselves whose they are. */
class MatchingTests {

    private record Row(Integer id, String text) {

        Row(Integer id) {
            this(id, "row " + id);
        }
    }

    private interface Query {
        Collection<Row> run(List<Integer> ids);
    }

    private final ByHand hand = new ByHand();

    /** What the callers of a batch of these items get, from a processor of either kind. */
    private List<CompletableFuture<Row>> process(boolean inStage, Query query, Integer... items) {
        AsyncBatcher.Builder<Integer, Row> builder = inStage
                ? AsyncBatcher.<Integer, Row>asyncBuilder(
                        AsyncBatchProcessor.matching(ids -> CompletableFuture.completedFuture(query.run(ids)), Row::id))
                : AsyncBatcher.<Integer, Row>builder(BatchProcessor.matching(query::run, Row::id));
        AsyncBatcher<Integer, Row> batcher = builder.name("rows")
                .maxBatchSize(items.length)
                .executor(hand.executor)
                .time(hand.time)
                .build();
        List<CompletableFuture<Row>> futures =
                Stream.of(items).map(batcher::process).toList();
        hand.executor.runAll();
        return futures;
    }

    private static List<Row> rows(Integer... ids) {
        return Stream.of(ids).map(Row::new).toList();
    }

    private void breaks(boolean inStage, String message, Query query, Integer... items) {
        assertThat(process(inStage, query, items))
                .extracting(ByHand::failure)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                BatchResultException.class,
                                breach -> assertThat(breach.mayHaveRun()).isTrue())
                        .hasMessageStartingWith("The processor of batcher 'rows' broke its contract in a batch of "
                                + items.length + " items: it returned ")
                        .hasMessageContaining(message)
                        .hasMessageNotContaining("77"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("Promise 2: whatever the order of the results, each caller gets its own, and null if there is none")
    void everyOrderGivesEachCallerItsOwn(boolean inStage) {
        List<Row> all = new ArrayList<>(rows(3, 1, 4, 5));
        do {
            List<Row> order = List.copyOf(all);
            assertThat(process(inStage, ids -> order, 5, 4, 2, 3, 1))
                    .extracting(CompletableFuture::join)
                    .containsExactly(new Row(5), new Row(4), null, new Row(3), new Row(1));
            Collections.rotate(all, 1);
        } while (!all.equals(rows(3, 1, 4, 5)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCollectionWithoutOrderWillDo(boolean inStage) {
        assertThat(process(inStage, ids -> Set.copyOf(rows(1, 2, 3)), 2, 3, 1))
                .extracting(CompletableFuture::join)
                .containsExactly(new Row(2), new Row(3), new Row(1));
        assertThat(process(inStage, ids -> Set.of(), 2, 3, 1))
                .extracting(CompletableFuture::join)
                .containsOnlyNulls();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void equalItemsAllGetTheOneResult(boolean inStage) {
        assertThat(process(inStage, ids -> rows(2, 1000), 1000, 2, 1000, 1000))
                .extracting(CompletableFuture::join)
                .containsExactly(new Row(1000), new Row(2), new Row(1000), new Row(1000));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void equalItemsMayHaveEqualResults(boolean inStage) {
        assertThat(process(inStage, ids -> ids.stream().map(Row::new).toList(), 1000, 2, 1000))
                .extracting(CompletableFuture::join)
                .containsExactly(new Row(1000), new Row(2), new Row(1000));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nullAmongTheResultsIsPassedOver(boolean inStage) {
        assertThat(process(inStage, ids -> Arrays.asList(null, new Row(2), null), 1, 2, 3))
                .extracting(CompletableFuture::join)
                .containsExactly(null, new Row(2), null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aResultThatBelongsToNoItemBreaksTheContract(boolean inStage) {
        breaks(inStage, "a result that belongs to no item of the batch (one of 2 results)", ids -> rows(1, 77), 1, 2);
        breaks(inStage, "a result that belongs to no item", ids -> List.of(new Row(null, "77")), 1, 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoResultsForOneItemBreakTheContract(boolean inStage) {
        breaks(inStage, "two results for one item", ids -> rows(1, 1), 1, 2);
        breaks(inStage, "two results for one item", ids -> rows(1, 1, 1), 1, 1);
        breaks(inStage, "two results for one item", ids -> List.of(new Row(1), new Row(1, "77")), 1, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nullInsteadOfACollectionBreaksTheContract(boolean inStage) {
        breaks(inStage, "null instead of a collection", ids -> null, 1, 2);
    }

    @Test
    void whatTheFunctionOfAResultThrowsFailsTheBatch() {
        IllegalStateException thrown = new IllegalStateException();
        AsyncBatcher<Integer, Row> batcher = hand.<Row>builder(
                        BatchProcessor.<Integer, Row>matching(ids -> rows(1, 2, 3, 4, 5), row -> {
                            throw thrown;
                        }))
                .build();
        List<CompletableFuture<Row>> futures =
                Stream.of(1, 2, 3, 4, 5).map(batcher::process).toList();
        hand.executor.runAll();

        assertThat(futures).extracting(ByHand::failure).containsOnly(thrown);
    }

    @Test
    void aResultWhoseKeyCannotBeLookedUpFailsTheBatch() {
        Object key = new Object() {
            @Override
            public int hashCode() {
                throw new ArithmeticException("no hash");
            }
        };
        AsyncBatcher<Object, String> batcher = AsyncBatcher.<Object, String>builder(
                        BatchProcessor.matching(batch -> List.of("result"), result -> key))
                .maxBatchSize(2)
                .executor(hand.executor)
                .time(hand.time)
                .build();
        List<CompletableFuture<String>> futures =
                Stream.<Object>of("a", "b").map(batcher::process).toList();
        hand.executor.runAll();

        assertThat(futures)
                .extracting(ByHand::failure)
                .allSatisfy(failure -> assertThat(failure).hasMessage("no hash"));
    }

    @Test
    void withoutABatcherItIsAFunctionLikeAnother() throws Exception {
        BatchProcessor<Integer, Row> processor =
                BatchProcessor.matching(ids -> new LinkedHashSet<>(rows(1, 2)), Row::id);

        assertThat(processor.processBatch(List.of(2, 9, 1))).containsExactly(new Row(2), null, new Row(1));
        assertThatExceptionOfType(BatchResultException.class).isThrownBy(() -> processor.processBatch(List.of(1)));
    }

    @Test
    void theFunctionIsRequired() {
        assertThatNullPointerException().isThrownBy(() -> BatchProcessor.matching(ids -> rows(1), null));
        assertThatNullPointerException()
                .isThrownBy(
                        () -> AsyncBatchProcessor.matching(ids -> CompletableFuture.completedFuture(rows(1)), null));
    }
}
