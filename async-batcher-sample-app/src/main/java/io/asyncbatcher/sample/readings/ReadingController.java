package io.asyncbatcher.sample.readings;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.sample.ItemRefusedException;
import jakarta.validation.Valid;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes readings one a request, and stores them many an insert. */
@RestController
@Profile("postgres")
@RequestMapping("/api/readings")
class ReadingController {

    /** Tomcat would answer after 30 s that it is too late, and leave the reading in the queue to be stored still. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final BatcherClient<NewReading, Long> readings;
    private final ReadingRepository repository;

    ReadingController(BatcherClient<NewReading, Long> readings, ReadingRepository repository) {
        this.readings = readings;
        this.repository = repository;
    }

    @PostMapping
    CompletableFuture<ResponseEntity<Id>> add(@Valid @RequestBody NewReading reading) {
        return readings.process(reading, TIMEOUT).thenApply(ReadingController::created);
    }

    /** The same without batching: one insert a request. */
    @PostMapping("/unbatched")
    ResponseEntity<Id> addUnbatched(@Valid @RequestBody NewReading reading) {
        return created(repository.insert(reading));
    }

    @GetMapping("/{id}")
    Reading get(@PathVariable long id) {
        return repository
                .find(id)
                .orElseThrow(() -> new ItemRefusedException(HttpStatus.NOT_FOUND, "There is no reading " + id + "."));
    }

    @GetMapping("/count")
    Count count() {
        return new Count(repository.count());
    }

    /** The insert statements that the database has run for readings, by its own count. */
    @GetMapping("/statements")
    Count statements() {
        return repository
                .insertStatements()
                .map(Count::new)
                .orElseThrow(() -> new ItemRefusedException(
                        HttpStatus.NOT_FOUND, "This database does not count statements (pg_stat_statements)."));
    }

    private static ResponseEntity<Id> created(long id) {
        return ResponseEntity.created(URI.create("/api/readings/" + id)).body(new Id(id));
    }

    record Id(long id) {}

    record Count(long count) {}
}
