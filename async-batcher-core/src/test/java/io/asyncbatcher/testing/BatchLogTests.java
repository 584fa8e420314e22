package io.asyncbatcher.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.RejectionReason;
import io.asyncbatcher.testing.BatchLog.Dispatched;
import io.asyncbatcher.testing.BatchLog.Finished;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchLogTests {

    private final VirtualTime time = new VirtualTime();
    private final HandRunExecutor executor = new HandRunExecutor();
    private final BatchLog batches = new BatchLog();
    private final AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                time.advanceMillis(3);
                return batch;
            })
            .maxBatchSize(2)
            .maxQueueSize(2)
            .time(time)
            .executor(executor)
            .listener(batches)
            .build();

    @Test
    void batchesAreRecordedAsTheyReachTheProcessorAndAsTheyEnd() {
        batcher.process(1);
        time.advanceMillis(4);
        batcher.process(2);
        assertThat(batches.dispatched()).isEmpty();
        executor.runAll();

        assertThat(batches.dispatched())
                .containsExactly(new Dispatched(DispatchReason.FULL, List.of(Duration.ofMillis(4), Duration.ZERO)));
        assertThat(batches.dispatched().get(0).size()).isEqualTo(2);
        assertThat(batches.finished()).containsExactly(new Finished(BatchOutcome.SUCCESS, 2, Duration.ofMillis(3)));
    }

    @Test
    void rejectionsAreRecordedAndEverythingIsForgottenOnDemand() {
        for (int i = 0; i < 5; i++) {
            batcher.process(i);
        }
        batcher.stop(true);
        batcher.process(6);

        assertThat(batches.rejected()).containsExactly(RejectionReason.FULL, RejectionReason.STOPPED);
        batches.clear();
        assertThat(batches.dispatched()).isEmpty();
        assertThat(batches.finished()).isEmpty();
        assertThat(batches.rejected()).isEmpty();
    }

    @Test
    void listsAreCopies() {
        List<Dispatched> before = batches.dispatched();

        batcher.process(1);
        batcher.process(2);
        executor.runAll();

        assertThat(before).isEmpty();
        assertThat(batches.dispatched()).hasSize(1);
    }
}
