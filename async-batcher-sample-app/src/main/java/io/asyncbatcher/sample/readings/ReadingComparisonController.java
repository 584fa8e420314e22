package io.asyncbatcher.sample.readings;

import io.asyncbatcher.sample.ItemRejectedException;
import jakarta.validation.Valid;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the batched way is compared with, and the counts that tell the difference. */
@RestController
@Profile("postgres")
@RequestMapping("/api/readings")
class ReadingComparisonController {

    private final ReadingRepository repository;

    ReadingComparisonController(ReadingRepository repository) {
        this.repository = repository;
    }

    /** Stores a reading without batching: one insert a request. */
    @PostMapping("/unbatched")
    ResponseEntity<ReadingController.Id> add(@Valid @RequestBody NewReading reading) {
        return ReadingController.created(repository.insert(reading));
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
                .orElseThrow(() -> new ItemRejectedException(
                        HttpStatus.NOT_FOUND, "This database does not count statements (pg_stat_statements)."));
    }

    record Count(long count) {}
}
