package io.asyncbatcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A streaming processor that a test moves by hand: it keeps its batches and what takes their reports. */
final class Streaming {

    final ByHand hand = new ByHand();

    /** What each call reported to, in the calls' order. */
    final List<BatchResults<Integer>> results = new ArrayList<>();

    /** The stage of each call of an asynchronous processor. */
    final List<CompletableFuture<Void>> stages = new ArrayList<>();

    /** Batches of four at once, on virtual time. */
    AsyncBatcher.Builder<Integer, Integer> builder(StreamingConsumer<Integer, Integer> consumer) {
        return settings(AsyncBatcher.builder(BatchProcessor.<Integer, Integer>streaming((batch, reports) -> {
            begin(batch, reports);
            consumer.accept(batch, reports);
        })));
    }

    /** The same with a processor that only begins: the test reports, and ends the stage. */
    AsyncBatcher.Builder<Integer, Integer> async() {
        return settings(AsyncBatcher.asyncBuilder(AsyncBatchProcessor.<Integer, Integer>streaming((batch, reports) -> {
            begin(batch, reports);
            CompletableFuture<Void> stage = new CompletableFuture<>();
            stages.add(stage);
            return stage;
        })));
    }

    private void begin(List<Integer> batch, BatchResults<Integer> reports) {
        hand.batches.add(List.copyOf(batch));
        results.add(reports);
    }

    private AsyncBatcher.Builder<Integer, Integer> settings(AsyncBatcher.Builder<Integer, Integer> builder) {
        return builder.maxBatchSize(4)
                .maxQueueTime(Duration.ofMillis(10))
                .time(hand.time)
                .executor(hand.executor);
    }

    BatchResults<Integer> last() {
        return results.get(results.size() - 1);
    }

    /** Reports twice the item for each from one to before another. */
    static void succeed(List<Integer> batch, BatchResults<Integer> reports, int from, int to) {
        for (int i = from; i < to; i++) {
            reports.success(i, 2 * batch.get(i));
        }
    }
}
