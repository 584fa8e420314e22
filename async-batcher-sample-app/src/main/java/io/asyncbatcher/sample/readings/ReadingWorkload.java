package io.asyncbatcher.sample.readings;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.sample.live.Workload;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Inserts for the live page, with batching and without: nothing that a copy of this package needs. */
@Component
@Profile("postgres")
class ReadingWorkload implements Workload {

    /** Two of the pool's ten connections are left to batches and to requests. */
    private static final int CONNECTIONS = 8;

    private final BatcherClient<NewReading, Long> readings;
    private final ReadingRepository repository;

    ReadingWorkload(BatcherClient<NewReading, Long> readings, ReadingRepository repository) {
        this.readings = readings;
        this.repository = repository;
    }

    @Override
    public String name() {
        return "inserts";
    }

    @Override
    public String title() {
        return "Inserts into PostgreSQL";
    }

    @Override
    public String batcher() {
        return "readings";
    }

    @Override
    public int unbatchedConcurrency() {
        return CONNECTIONS;
    }

    @Override
    public String unbatchedLimit() {
        return "Without batching, eight inserts run at once, on eight of the pool's ten database connections. Batches take"
                + " one connection for each that runs at once.";
    }

    @Override
    public CompletableFuture<Long> batched(long number) {
        return readings.process(reading(number));
    }

    @Override
    public void unbatched(long number) {
        repository.insert(reading(number));
    }

    private static NewReading reading(long number) {
        return new NewReading("live", Instant.now(), (double) number);
    }
}
