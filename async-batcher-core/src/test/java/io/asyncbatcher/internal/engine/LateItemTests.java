package io.asyncbatcher.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.internal.call.Call;
import io.asyncbatcher.internal.call.QuickPath;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.dispatch.Dispatcher;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.queue.SlowThread;
import io.asyncbatcher.internal.queue.TicketQueue;
import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose thread has taken a ticket, and stores the item late or never. */
class LateItemTests {

    private final VirtualTime time = new VirtualTime();
    private final HandRunExecutor executor = new HandRunExecutor();

    /** The batches that reached the processor, which never returns. */
    private final List<List<Integer>> batches = new ArrayList<>();

    private final Ports<Integer, Integer> ports = new Ports<>(
            new Setup<>(
                    "orders",
                    Call.<Integer, Integer>ofAsync(batch -> {
                        batches.add(List.copyOf(batch));
                        return new CompletableFuture<>();
                    }),
                    null,
                    executor,
                    false,
                    new QuickPath(),
                    null,
                    time),
            null,
            BatcherOptions.defaults().withConcurrency(2));
    private SlowThread slow;

    @BeforeEach
    void takeTicket() throws ReflectiveOperationException {
        Field queue = Changes.class.getDeclaredField("queue");
        queue.setAccessible(true);
        slow = new SlowThread((TicketQueue<?, ?>) queue.get(ports.changes()));
    }

    @Test
    void itIsLookedForWhileItsBatchRuns() {
        var unused = ports.submission().submit(1);
        ports.changes().change(Dispatcher::flush);
        executor.runAll();
        assertThat(batches).containsExactly(List.of(1));

        slow.store(new Item<>(ports, 2));
        time.advanceMillis(1);
        executor.runAll();

        assertThat(batches).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void aForcedStopWaitsASecondForIt() {
        CompletableFuture<Void> stopped =
                ports.changes().answerCaller(guarded -> guarded.shutdown().stop(0));

        time.advanceMillis(999);
        assertThat(stopped).isNotDone();
        time.advance(Duration.ofSeconds(1));
        assertThat(stopped).isCompleted();
    }
}
