package io.asyncbatcher.benchmarks.scenarios;

import io.asyncbatcher.benchmarks.peers.CountingProcessor;
import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.peers.PeerAdapter;
import io.asyncbatcher.benchmarks.peers.PeerSettings;
import io.asyncbatcher.benchmarks.results.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/**
 * Items through a batcher as fast as producers can, each with {@value WindowedProducer#OUTSTANDING} outstanding: an echo, batches of
 * 100, linger 1 ms. One operation is one item, so that JMH's allocation per operation is bytes per item.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PipelineBenchmark {

    /** Where a trial leaves what it counted, as its result has no room for it. */
    static final String COUNTS_FILE = "benchmarks.counts";

    /** The batcher, made and closed with the trial. */
    @State(Scope.Benchmark)
    public static class BatcherState {

        @Param("fixed")
        public String peer = "";

        private final AtomicInteger producers = new AtomicInteger();
        private final CountingProcessor<Long, Long> processor = new CountingProcessor<>(100, list -> list);
        private PeerAdapter<Long, Long> adapter = Peer.DIRECT.open(settings());

        private PeerSettings<Long, Long> settings() {
            return new PeerSettings<>(100, Duration.ofMillis(1), 1, processor);
        }

        @Setup(Level.Trial)
        public void open() {
            adapter = Peer.of(peer).open(settings());
        }

        @TearDown(Level.Trial)
        public void close() throws IOException {
            adapter.close();
            String file = System.getProperty(COUNTS_FILE);
            if (file != null) {
                Files.writeString(Path.of(file), Results.line(processor.counts()));
            }
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
