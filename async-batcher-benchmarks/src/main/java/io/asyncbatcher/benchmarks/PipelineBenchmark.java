package io.asyncbatcher.benchmarks;

import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.peers.Peers;
import io.asyncbatcher.benchmarks.peers.Setup;
import io.asyncbatcher.benchmarks.peers.WatchedBatch;
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
    static final String FAULTS_FILE = "benchmarks.faults";

    /** The batcher, made and closed with the trial. */
    @State(Scope.Benchmark)
    public static class Line {

        @Param("fixed")
        public String peer = "";

        private final AtomicInteger producers = new AtomicInteger();
        private final WatchedBatch<Long, Long> batch = new WatchedBatch<>(100, list -> list);
        private Peer<Long, Long> open = Peers.DIRECT.open(setup());

        private Setup<Long, Long> setup() {
            return new Setup<>(100, Duration.ofMillis(1), 1, batch);
        }

        @org.openjdk.jmh.annotations.Setup(Level.Trial)
        public void open() {
            open = Peers.of(peer).open(setup());
        }

        @TearDown(Level.Trial)
        public void close() throws IOException {
            open.close();
            String file = System.getProperty(FAULTS_FILE);
            if (file != null) {
                Files.writeString(Path.of(file), Results.line(AdapterCheck.faults(batch)));
            }
        }
    }

    /** The thread of one producer. */
    @State(Scope.Thread)
    public static class ProducerThread {

        private WindowedProducer producer = new WindowedProducer(0);

        @org.openjdk.jmh.annotations.Setup(Level.Trial)
        public void number(Line line) {
            producer = new WindowedProducer(line.producers.getAndIncrement());
        }
    }

    @Benchmark
    public void item(Line line, ProducerThread thread) {
        thread.producer.submit(line.open);
    }
}
