package io.asyncbatcher.benchmarks.experiment;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends requests at the times of a seeded Poisson process, whatever becomes of those before. A latency counts from the
 * time at which its request should have been sent, so it has in it what the request waited for a connection, and what this
 * side was late. What is not answered when the load has been over for {@link #PATIENCE} is counted with the time that it
 * has waited until then.
 */
final class OpenLoop {

    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Sends in a row before answers are read again. */
    private static final int MOST_IN_A_ROW = 64;

    private static final class Call {

        private final long intendedNanos;

        private Call(long intendedNanos) {
            this.intendedNanos = intendedNanos;
        }
    }

    private final ConnectionPool connections;
    private final List<ByteBuf> requests;
    private final double rate;
    private final Random random;
    private final long measuredNanos;
    private final Histogram latencies = new Histogram(3);
    private final Histogram lateness = new Histogram(3);
    private final Set<Call> unanswered = new HashSet<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private long fromNanos;
    private long endNanos;
    private long nextNanos;
    private int sent;
    private int answeredInTime;
    private int errors;

    private OpenLoop(ConnectionPool connections, List<ByteBuf> requests, double rate, Duration measured, long seed) {
        this.connections = connections;
        this.requests = requests;
        this.rate = rate;
        this.random = new Random(seed);
        this.measuredNanos = measured.toNanos();
    }

    /** Begins to send, for {@code lead} and {@code measured}; those requests count that are due in {@code measured}. */
    static OpenLoop start(
            ConnectionPool connections,
            List<ByteBuf> requests,
            double rate,
            Duration lead,
            Duration measured,
            long seed) {
        OpenLoop loop = new OpenLoop(connections, requests, rate, measured, seed);
        connections.thread().execute(() -> loop.guarded(() -> loop.begin(lead.toNanos())));
        return loop;
    }

    /** Blocks until all are answered or patience is over, and adds what was seen. */
    void awaitEnd(Map<String, Double> metrics) {
        over.join();
        double seconds = measuredNanos / 1e9;
        metrics.put("seconds", seconds);
        metrics.put("sentPerSecond", sent / seconds);
        metrics.put("answeredPerSecond", answeredInTime / seconds);
        metrics.put("p50Millis", latencies.getValueAtPercentile(50) / 1e3);
        metrics.put("p95Millis", latencies.getValueAtPercentile(95) / 1e3);
        metrics.put("p99Millis", latencies.getValueAtPercentile(99) / 1e3);
        metrics.put("maxMillis", latencies.getMaxValue() / 1e3);
        metrics.put("errors", (double) errors);
        metrics.put("unanswered", (double) unanswered.size());
        metrics.put("percentFailed", sent == 0 ? 0 : 100.0 * (errors + unanswered.size()) / sent);
        metrics.put("sentLateP95Millis", lateness.getValueAtPercentile(95) / 1e3);
    }

    private void begin(long leadNanos) {
        nextNanos = System.nanoTime() + gapNanos();
        fromNanos = nextNanos + leadNanos;
        endNanos = fromNanos + measuredNanos;
        send();
    }

    private void send() {
        long now = System.nanoTime();
        for (int i = 0; i < MOST_IN_A_ROW && nextNanos - now <= 0 && nextNanos - endNanos < 0; i++) {
            send(nextNanos, now);
            nextNanos += gapNanos();
            now = System.nanoTime();
        }
        if (nextNanos - endNanos < 0) {
            again(this::send, nextNanos - now);
        } else {
            await();
        }
    }

    private void send(long intendedNanos, long now) {
        ByteBuf request = requests.get(random.nextInt(requests.size()));
        if (intendedNanos - fromNanos < 0) {
            connections.send(request, status -> {});
            return;
        }
        Call call = new Call(intendedNanos);
        sent++;
        lateness.recordValue((now - intendedNanos) / 1_000);
        unanswered.add(call);
        connections.send(request, status -> answered(call, status));
    }

    private void answered(Call call, int status) {
        if (!unanswered.remove(call)) {
            return;
        }
        long now = System.nanoTime();
        latencies.recordValue((now - call.intendedNanos) / 1_000);
        if (status / 100 != 2) {
            errors++;
        } else if (now - endNanos < 0) {
            answeredInTime++;
        }
    }

    private void await() {
        long leftNanos = endNanos + PATIENCE.toNanos() - System.nanoTime();
        if (!unanswered.isEmpty() && leftNanos > 0) {
            again(this::await, Math.min(leftNanos, 10_000_000));
            return;
        }
        long now = System.nanoTime();
        unanswered.forEach(call -> latencies.recordValue((now - call.intendedNanos) / 1_000));
        over.complete(null);
    }

    private void again(Runnable next, long afterNanos) {
        // A failure ends in the other future.
        var unused = connections.thread().schedule(() -> guarded(next), Math.max(0, afterNanos), TimeUnit.NANOSECONDS);
    }

    private void guarded(Runnable next) {
        try {
            next.run();
        } catch (RuntimeException | Error failure) {
            over.completeExceptionally(failure);
            throw failure;
        }
    }

    private long gapNanos() {
        return (long) (-Math.log(1 - random.nextDouble()) / rate * 1e9);
    }
}
