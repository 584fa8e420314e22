package io.asyncbatcher.benchmarks.scenarios;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.benchmarks.peers.PeerAdapter;
import io.asyncbatcher.spring.BatcherMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The pipeline with the starter's meters: none bound, all of them, or all but one denied by a meter filter. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class MetersBenchmark {

    /** The batcher and what listens to it. */
    @State(Scope.Benchmark)
    public static class BatcherState {

        @Param({
            "bare",
            "listener",
            "denied",
            "all",
            "batcher.batch.size",
            "batcher.batch.duration",
            "batcher.item.latency",
            "batcher.queue.time",
            "batcher.dispatches"
        })
        public String meters = "";

        private final AtomicInteger producers = new AtomicInteger();
        private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
        private final AsyncBatcher<Long, Long> batcher = AsyncBatcher.<Long, Long>builder(list -> list)
                .maxQueueTime(Duration.ofMillis(1))
                .build();
        private final PeerAdapter<Long, Long> adapter = new PeerAdapter<>() {
            @Override
            public CompletableFuture<Long> process(Long item) {
                return batcher.process(item);
            }

            @Override
            public void close() {
                batcher.close();
            }
        };

        @Setup(Level.Trial)
        public void bind() {
            switch (meters) {
                case "bare" -> {}
                case "listener" -> batcher.addListener(new BatcherListener() {});
                case "denied" -> bind(MeterFilter.deny());
                case "all" -> bind(MeterFilter.accept());
                default -> bind(MeterFilter.denyUnless(id -> id.getName().equals(meters)));
            }
        }

        private void bind(MeterFilter filter) {
            registry.config().meterFilter(filter);
            new BatcherMetrics(batcher).bindTo(registry);
        }

        @TearDown(Level.Trial)
        public void close() {
            adapter.close();
        }
    }

    /** The thread of one producer. */
    @State(Scope.Thread)
    public static class ProducerThread {

        private WindowedProducer producer = new WindowedProducer(0);

        @Setup(Level.Trial)
        public void number(BatcherState state) {
            producer = new WindowedProducer(state.producers.getAndIncrement());
        }
    }

    @Benchmark
    public void item(BatcherState state, ProducerThread thread) {
        thread.producer.submit(state.adapter);
    }
}
