package io.asyncbatcher.benchmarks.scenarios;

import io.asyncbatcher.benchmarks.peers.CountingProcessor;
import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.peers.PeerAdapter;
import io.asyncbatcher.benchmarks.peers.PeerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What every adapter passes before it is measured: items of two producers come back, each with its own result. */
final class AdapterCheck {

    private static final int PRODUCERS = 2;

    private AdapterCheck() {}

    /**
     * Throws where an item is lost, fails or gets another's result.
     *
     * @return what the batches were like
     */
    static Map<String, Double> run(Peer peer, int items) {
        CountingProcessor<Long, Long> processor = new CountingProcessor<>(100, list -> list);
        try (PeerAdapter<Long, Long> adapter = peer.open(new PeerSettings<>(100, Duration.ofMillis(1), 1, processor))) {
            List<CompletableFuture<Void>> producers = new ArrayList<>();
            for (int number = 0; number < PRODUCERS; number++) {
                WindowedProducer producer = new WindowedProducer(number);
                producers.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < items / PRODUCERS; i++) {
                                producer.submit(adapter);
                            }
                            adapter.flush();
                            producer.drain();
                        },
                        body -> new Thread(body, "producer").start()));
            }
            producers.forEach(CompletableFuture::join);
        }
        return processor.counts();
    }
}
