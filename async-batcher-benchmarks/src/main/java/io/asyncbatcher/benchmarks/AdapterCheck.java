package io.asyncbatcher.benchmarks;

import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.peers.Peers;
import io.asyncbatcher.benchmarks.peers.Setup;
import io.asyncbatcher.benchmarks.peers.WatchedBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** What every adapter passes before it is measured: items of two producers come back, each with its own result. */
final class AdapterCheck {

    private static final int PRODUCERS = 2;

    private AdapterCheck() {}

    /** Throws where an item is lost, fails or gets another's result. */
    static Map<String, Double> run(Peers kind, int items) {
        WatchedBatch<Long, Long> batch = new WatchedBatch<>(100, list -> list);
        try (Peer<Long, Long> peer = kind.open(new Setup<>(100, Duration.ofMillis(1), 1, batch))) {
            List<CompletableFuture<Void>> producers = new ArrayList<>();
            for (int number = 0; number < PRODUCERS; number++) {
                WindowedProducer producer = new WindowedProducer(number);
                producers.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < items / PRODUCERS; i++) {
                                producer.submit(peer);
                            }
                            peer.flush();
                            producer.drain();
                        },
                        body -> new Thread(body, "producer").start()));
            }
            producers.forEach(CompletableFuture::join);
        }
        return faults(batch);
    }

    /** What is counted in every trial. */
    static Map<String, Double> faults(WatchedBatch<?, ?> batch) {
        Map<String, Double> faults = new TreeMap<>();
        faults.put("oversized", (double) batch.oversized());
        faults.put("largest", (double) batch.largest());
        faults.put("meanBatch", batch.meanSize());
        faults.put("mostRunning", (double) batch.mostRunning());
        return faults;
    }
}
