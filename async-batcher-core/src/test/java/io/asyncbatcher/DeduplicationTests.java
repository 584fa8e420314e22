package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Equal items of one batch. */
@Timeout(30)
class DeduplicationTests {

    private final ByHand hand = new ByHand();

    private static List<CompletableFuture<Integer>> submit(BatcherClient<Integer, Integer> batcher, Integer... items) {
        return Stream.of(items).map(batcher::process).toList();
    }

    @Test
    void equalItemsReachTheProcessorOnceAndEveryCallerGetsTheResult() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().deduplicate().build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 7_000, 8_000, 7_000, 9_000, 8_000);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(7_000, 8_000, 9_000));
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(14_000, 16_000, 14_000, 18_000, 16_000);
    }

    @Test
    void withoutItEveryItemReachesTheProcessor() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();

        submit(batcher, 1, 1, 1, 2, 2);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 1, 1, 2, 2));
    }

    @Test
    void equalItemsOfTwoBatchesAreTwo() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().deduplicate().build();

        submit(batcher, 1, 2, 3, 4, 5, 1);
        hand.pass(ByHand.LINGER);

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5), List.of(1));
    }

    @Test
    void limitsCountCallers() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().deduplicate().maxQueueSize(6).build();

        submit(batcher, 1, 1, 1, 1);
        assertThat(hand.executor.waiting()).isZero();
        submit(batcher, 1);
        assertThat(hand.executor.waiting()).isEqualTo(1);
        submit(batcher, 2, 2, 2, 2, 2, 2);

        assertThat(batcher.snapshot().queued()).isEqualTo(6);
        assertThat(ByHand.failure(batcher.process(2))).isInstanceOf(QueueFullException.class);
    }

    @Test
    void weightsCountCallersToo() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().deduplicate().maxBatchWeight(4, item -> 2).build();

        submit(batcher, 1, 1);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1));
    }

    @Test
    void aCancelledOneLeavesItsEqualsAlone() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().deduplicate().build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 1, 1, 2, 2);
        futures.get(0).cancel(false);
        futures.get(2).cancel(false);
        futures.get(3).cancel(false);
        hand.pass(ByHand.LINGER);

        assertThat(hand.batches).containsExactly(List.of(1));
        assertThat(futures.get(1)).isCompletedWithValue(2);
    }

    @Test
    void oneThatIsCancelledInFlightLeavesItsEqualsAlone() {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    futures.get(0).cancel(false);
                    return ByHand.doubled(batch);
                })
                .deduplicate()
                .build();

        futures.addAll(submit(batcher, 1, 1, 1, 2, 2));
        hand.executor.runAll();

        assertThat(futures.get(0)).isCancelled();
        assertThat(futures.subList(1, 5)).extracting(CompletableFuture::join).containsExactly(2, 2, 4, 4);
    }

    @Test
    void oneThatExpiresLeavesItsEqualsAlone() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().deduplicate().build();

        CompletableFuture<Integer> impatient = batcher.process(1, Duration.ofMillis(5));
        CompletableFuture<Integer> patient = batcher.process(1);
        hand.pass(ByHand.LINGER);

        assertThat(ByHand.failure(impatient)).isInstanceOf(ItemExpiredException.class);
        assertThat(patient).isCompletedWithValue(2);
    }

    @Test
    void aFailureReachesEveryCaller() {
        IllegalStateException cause = new IllegalStateException();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    throw cause;
                })
                .deduplicate()
                .build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 1, 1, 2, 2, 1);
        hand.executor.runAll();

        assertThat(futures).extracting(ByHand::failure).containsOnly(cause);
    }

    @Test
    void anOutcomeReachesEveryCallerOfItsItem() {
        IllegalStateException cause = new IllegalStateException();
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> item == 1 ? Outcome.failure(cause) : Outcome.success(item))
                .deduplicate()
                .build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 1, 2, 1, 2, 2);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2));
        assertThat(ByHand.failure(futures.get(0))).isSameAs(cause);
        assertThat(ByHand.failure(futures.get(2))).isSameAs(cause);
        assertThat(List.of(futures.get(1), futures.get(3), futures.get(4)))
                .extracting(CompletableFuture::join)
                .containsOnly(2);
    }

    @Test
    void aRetryIsForEveryCallerAndMergedAgain() {
        IllegalStateException cause = new IllegalStateException();
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> item == 1 ? Outcome.retry(cause, Duration.ofMillis(20)) : Outcome.success(item))
                .deduplicate()
                .maxAttempts(3)
                .build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 1, 2, 1, 2, 1);
        hand.executor.runAll();
        assertThat(batcher.snapshot().queued()).isEqualTo(3);
        futures.get(0).cancel(false);
        hand.pass(Duration.ofMillis(100));

        assertThat(hand.batches).containsExactly(List.of(1, 2), List.of(1), List.of(1));
        assertThat(ByHand.failure(futures.get(2))).isSameAs(cause);
        assertThat(ByHand.failure(futures.get(4))).isSameAs(cause);
    }

    @Test
    void aResultForEachCallerInsteadOfEachItemIsRejected() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> List.of(1, 1, 2, 2, 3))
                .deduplicate()
                .build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 1, 1, 2, 2, 3);
        hand.executor.runAll();

        assertThat(futures)
                .extracting(ByHand::failure)
                .allMatch(failure -> failure instanceof BatchResultException broken && broken.mayHaveRun());
    }

    @Test
    void aProcessorMayReturnTheListItWasGiven() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.<Integer>builder(batch -> batch).deduplicate().build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 1, 2, 1, 3, 3);
        hand.executor.runAll();

        assertThat(futures).extracting(CompletableFuture::join).containsExactly(1, 2, 1, 3, 3);
    }

    @Test
    void anOutcomeOfAPlainProcessorIsAResultLikeAnyOther() {
        AsyncBatcher<Integer, Outcome<Integer>> batcher = AsyncBatcher.<Integer, Outcome<Integer>>builder(
                        batch -> batch.stream()
                                .map(item -> Outcome.<Integer>failure(new IllegalStateException()))
                                .toList())
                .maxBatchSize(2)
                .deduplicate()
                .time(hand.time)
                .executor(hand.executor)
                .build();
        CompletableFuture<Outcome<Integer>> future = batcher.process(1);
        var unused = batcher.process(2);

        hand.executor.runAll();

        assertThat(future.getNow(null)).isInstanceOf(Outcome.Failure.class);
    }

    @Test
    void nullResultsReachEveryCaller() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(BatchProcessor.keyed(batch -> Map.of(1, 10)))
                .deduplicate()
                .build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 1, 2, 1, 2, 3);
        hand.executor.runAll();

        assertThat(futures).extracting(CompletableFuture::join).containsExactly(10, null, 10, null, null);
    }

    @Test
    void partitionsKeepEqualItemsApart() {
        record Order(String item, int shop) {
            @Override
            public boolean equals(Object other) {
                return other instanceof Order order && order.item.equals(item);
            }

            @Override
            public int hashCode() {
                return item.hashCode();
            }
        }
        List<List<Order>> batches = new ArrayList<>();
        AsyncBatcher<Order, Integer> batcher = AsyncBatcher.<Order, Integer>builder(batch -> {
                    batches.add(List.copyOf(batch));
                    return batch.stream().map(Order::shop).toList();
                })
                .deduplicate()
                .partitionBy(Order::shop)
                .time(hand.time)
                .executor(hand.executor)
                .build();

        List<CompletableFuture<Integer>> futures = Stream.of(1, 2, 1)
                .map(shop -> batcher.process(new Order("apple", shop)))
                .toList();
        hand.pass(ByHand.LINGER);

        assertThat(batches).hasSize(2).allMatch(batch -> batch.size() == 1);
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(1, 2, 1);
    }

    @Test
    void itCanBeSwitchedWhileItemsAreQueued() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        List<CompletableFuture<Integer>> futures = submit(batcher, 1, 1, 1);

        batcher.reconfigure(options -> options.withDeduplicate(true));
        hand.pass(ByHand.LINGER);
        batcher.reconfigure(options -> options.withDeduplicate(false));
        submit(batcher, 2, 2);
        hand.pass(ByHand.LINGER);

        assertThat(hand.batches).containsExactly(List.of(1), List.of(2, 2));
        assertThat(futures).extracting(CompletableFuture::join).containsOnly(2);
    }

    /** An item whose methods do what the test wants. */
    private static final class Item {

        private final String name;
        private final Function<String, Integer> hash;

        Item(String name, Function<String, Integer> hash) {
            this.name = name;
            this.hash = hash;
        }

        @Override
        public int hashCode() {
            return hash.apply(name);
        }

        @Override
        public boolean equals(Object other) {
            if (name.equals("unequalled")) {
                throw new AssertionError("thrown by a test");
            }
            return other instanceof Item item && item.name.equals(name);
        }
    }

    private AsyncBatcher<Item, String> ofItems(List<List<String>> batches) {
        return AsyncBatcher.<Item, String>builder(batch -> {
                    List<String> names = batch.stream().map(item -> item.name).toList();
                    batches.add(names);
                    return names;
                })
                .deduplicate()
                .maxBatchSize(5)
                .time(hand.time)
                .executor(hand.executor)
                .build();
    }

    @Test
    void anItemWhoseHashThrowsTouchesNoOther() {
        List<List<String>> batches = new ArrayList<>();
        AsyncBatcher<Item, String> batcher = ofItems(batches);
        Function<String, Integer> failing = name -> {
            throw new StackOverflowError("thrown by a test");
        };

        CompletableFuture<String> first = batcher.process(new Item("a", name -> 0));
        CompletableFuture<String> hostile = batcher.process(new Item("hostile", failing));
        CompletableFuture<String> second = batcher.process(new Item("a", name -> 0));
        hand.pass(ByHand.LINGER);

        assertThat(first).isCompletedWithValue("a");
        assertThat(second).isCompletedWithValue("a");
        assertThat(hostile).isDone();
        assertThat(batches.stream().flatMap(List::stream).filter("a"::equals)).hasSize(1);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void anItemWhoseHashThrowsIsInNoHalf() {
        List<List<String>> batches = new ArrayList<>();
        AsyncBatcher<Item, String> batcher = AsyncBatcher.<Item, String>builder(batch -> {
                    List<String> names = batch.stream().map(item -> item.name).toList();
                    batches.add(names);
                    if (names.contains("poison")) {
                        throw new IllegalStateException("poison");
                    }
                    return names;
                })
                .deduplicate()
                .isolateFailures(failure -> true)
                .maxBatchSize(3)
                .time(hand.time)
                .executor(hand.executor)
                .build();
        CompletableFuture<String> hostile = batcher.process(new Item("hostile", name -> {
            throw new ArithmeticException("no hash");
        }));
        CompletableFuture<String> poison = batcher.process(new Item("poison", String::hashCode));
        CompletableFuture<String> fine = batcher.process(new Item("fine", String::hashCode));

        hand.executor.runAll();

        assertThat(batches).hasSize(4).noneMatch(batch -> batch.contains("hostile"));
        assertThat(ByHand.failure(hostile)).hasMessage("no hash");
        assertThat(ByHand.failure(poison)).hasMessage("poison");
        assertThat(fine).isCompletedWithValue("fine");
    }

    @Test
    void anItemWhoseEqualsThrowsTouchesNoOther() {
        List<List<String>> batches = new ArrayList<>();
        AsyncBatcher<Item, String> batcher = ofItems(batches);

        List<CompletableFuture<String>> futures = Stream.of("a", "unequalled", "a", "unequalled", "b")
                .map(name -> batcher.process(new Item(name, any -> 0)))
                .toList();
        hand.executor.runAll();

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(futures.get(0)).isCompletedWithValue("a");
        assertThat(futures.get(2)).isCompletedWithValue("a");
        assertThat(futures.get(4)).isCompletedWithValue("b");
        assertThat(batcher.snapshot().activeBatches()).isZero();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void whereEveryHashThrowsTheSlotIsFreeAfterwards() {
        List<List<String>> batches = new ArrayList<>();
        AsyncBatcher<Item, String> batcher = ofItems(batches);
        Function<String, Integer> failing = name -> {
            throw new IllegalStateException("thrown by a test");
        };

        List<CompletableFuture<String>> hostile = Stream.of("a", "b", "c", "d", "e")
                .map(name -> batcher.process(new Item(name, failing)))
                .toList();
        hand.executor.runAll();
        CompletableFuture<String> good = batcher.process(new Item("good", name -> 0));
        hand.pass(ByHand.LINGER);

        assertThat(hostile).allMatch(CompletableFuture::isDone);
        assertThat(good).isCompletedWithValue("good");
        assertThat(batches).as("never with an empty list").noneMatch(List::isEmpty);
    }

    @Test
    void aHashThatBlocksHoldsUpNobodyElse() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AsyncBatcher<Item, String> batcher = AsyncBatcher.<Item, String>builder(
                        batch -> batch.stream().map(item -> item.name).toList())
                .deduplicate()
                .concurrency(2)
                .maxBatchSize(2)
                .maxQueueTime(Duration.ZERO)
                .build();
        batcher.pause();
        CompletableFuture<CompletableFuture<String>> slow =
                ByHand.elsewhere(() -> batcher.process(new Item("slow", name -> {
                    entered.countDown();
                    ByHand.await(released);
                    return 0;
                })));
        CompletableFuture<String> mate = batcher.process(new Item("mate", name -> 1));
        ByHand.await(() -> entered.getCount() == 0 || batcher.snapshot().queued() == 2);
        batcher.resume();
        assertThat(entered.await(10, SECONDS)).isTrue();

        try {
            assertThat(ByHand.elsewhere(() -> {
                                batcher.snapshot();
                                mate.cancel(false);
                                return batcher.process(new Item("other", name -> 0));
                            })
                            .get(10, SECONDS)
                            .get(10, SECONDS))
                    .isEqualTo("other");
        } finally {
            released.countDown();
        }
        assertThat(slow.get(10, SECONDS).get(10, SECONDS)).isEqualTo("slow");
        batcher.close();
    }

    @Test
    void asynchronousResultsReachEveryCaller() {
        CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    hand.batches.add(List.copyOf(batch));
                    return stage;
                })
                .deduplicate()
                .maxBatchSize(3)
                .time(hand.time)
                .executor(hand.executor)
                .build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 1, 1, 2);
        hand.executor.runAll();
        assertThat(futures).noneMatch(CompletableFuture::isDone);
        stage.complete(List.of(10, 20));

        assertThat(hand.batches).containsExactly(List.of(1, 2));
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(10, 10, 20);
    }

    @Test
    void inFlightIsCountedInCallers() {
        List<Integer> inFlight = new ArrayList<>();
        List<AsyncBatcher<Integer, Integer>> self = new ArrayList<>();
        self.add(hand.builder(batch -> {
                    inFlight.add(self.get(0).snapshot().inFlight());
                    return ByHand.doubled(batch);
                })
                .deduplicate()
                .build());

        submit(self.get(0), 1, 1, 1, 1, 2);
        hand.executor.runAll();

        assertThat(inFlight).containsExactly(5);
    }

    @Test
    void aBatchOfManyEqualItemsIsNoSlowerThanItsSize() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .deduplicate()
                .maxBatchSize(200_000)
                .maxQueueSize(-1)
                .build();

        List<CompletableFuture<Integer>> futures = Stream.iterate(0, i -> i + 1)
                .limit(200_000)
                .map(i -> batcher.process(i % 100))
                .toList();
        hand.executor.runAll();

        assertThat(hand.batches).hasSize(1);
        assertThat(hand.batches.get(0)).hasSize(100);
        assertThat(futures.stream().collect(Collectors.groupingBy(CompletableFuture::join, Collectors.counting())))
                .hasSize(100)
                .allSatisfy((result, callers) -> assertThat(callers).isEqualTo(2_000));
    }

    @Test
    void anItemThatCantBeComparedFailsAloneThoughTheOthersCallFails() {
        ArithmeticException own = new ArithmeticException("no hash");
        Object broken = new Object() {
            @Override
            public int hashCode() {
                throw own;
            }
        };
        AsyncBatcher<Object, Integer> batcher = AsyncBatcher.<Object, Integer>builder(batch -> {
                    throw new IllegalStateException("of the call");
                })
                .maxBatchSize(2)
                .deduplicate()
                .executor(Runnable::run)
                .build();
        batcher.pause();
        CompletableFuture<Integer> fine = batcher.process(1);
        CompletableFuture<Integer> alone = batcher.process(broken);

        batcher.resume();

        assertThat(ByHand.failure(fine)).hasMessage("of the call");
        assertThat(ByHand.failure(alone)).isSameAs(own);
    }

    @Test
    void anItemThatIsAloneInItsBatchIsNotHashed() {
        List<List<String>> batches = new ArrayList<>();
        AsyncBatcher<Item, String> batcher = ofItems(batches);

        CompletableFuture<String> alone = batcher.process(new Item("alone", name -> {
            throw new StackOverflowError("thrown by a test");
        }));
        hand.pass(ByHand.LINGER);

        assertThat(alone).isCompletedWithValue("alone");
    }

    @Test
    void anItemThatCantBeComparedFailsThoughTheOthersAreToBeTriedAgain() {
        AsyncBatcher<Item, String> batcher = AsyncBatcher.<Item, String>builder(batch -> {
                    throw new RateLimitedException(Duration.ofMillis(20));
                })
                .maxBatchSize(2)
                .deduplicate()
                .time(hand.time)
                .executor(hand.executor)
                .build();
        CompletableFuture<String> fine = batcher.process(new Item("a", name -> 0));
        CompletableFuture<String> alone = batcher.process(new Item("alone", name -> {
            throw new ArithmeticException("thrown by a test");
        }));

        hand.executor.runAll();

        assertThat(fine).isNotDone();
        assertThat(alone).isCompletedExceptionally();
        batcher.stop(true);
    }
}
