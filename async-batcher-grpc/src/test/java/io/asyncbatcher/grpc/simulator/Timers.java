package io.asyncbatcher.grpc.simulator;

import io.asyncbatcher.TimeSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The timers of gRPC itself, on virtual time. gRPC's backoff has a jitter of its own that can't be seeded; what it asks for is
 * replaced by a delay from the run's seed.
 */
final class Timers extends AbstractExecutorService implements ScheduledExecutorService {

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final TimeSource time;
    private final SplittableRandom random;

    Timers(TimeSource time, SplittableRandom random) {
        this.time = time;
        this.random = random;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return new Timer<>(() -> {
            task.run();
            return null;
        });
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        return new Timer<>(task);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long first, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }

    private final class Timer<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {

        private final TimeSource.Alarm alarm;

        Timer(Callable<V> task) {
            super(task);
            alarm = time.schedule(this, random.nextLong(LONGEST_NANOS));
        }

        @Override
        protected void done() {
            if (isCancelled()) {
                alarm.cancel();
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isPeriodic() {
            return false;
        }
    }
}
