package io.asyncbatcher.sample.readings;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.sample.ItemRejectedException;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes readings, questions for them and new values one a request; the database gets many a statement. */
@RestController
@Profile("postgres")
@RequestMapping("/api/readings")
class ReadingController {

    private final BatcherClient<NewReading, Long> readings;
    private final BatcherClient<Long, @Nullable Reading> lookups;
    private final BatcherClient<ReadingUpdate, Reading> updates;

    ReadingController(
            BatcherClient<NewReading, Long> readings,
            BatcherClient<Long, @Nullable Reading> lookups,
            BatcherClient<ReadingUpdate, Reading> updates) {
        this.readings = readings;
        this.lookups = lookups;
        this.updates = updates;
    }

    @PostMapping
    CompletableFuture<ResponseEntity<Id>> add(@Valid @RequestBody NewReading reading) {
        return readings.process(reading).thenApply(ReadingController::created);
    }

    @GetMapping("/{id}")
    CompletableFuture<Reading> get(@PathVariable long id) {
        return lookups.process(id).thenApply(reading -> {
            if (reading == null) {
                throw unknown(id);
            }
            return reading;
        });
    }

    @PutMapping("/{id}")
    CompletableFuture<Reading> put(@PathVariable long id, @Valid @RequestBody NewValue body) {
        return updates.process(new ReadingUpdate(id, body.value()));
    }

    static ResponseEntity<Id> created(long id) {
        return ResponseEntity.created(URI.create("/api/readings/" + id)).body(new Id(id));
    }

    static ItemRejectedException unknown(long id) {
        return new ItemRejectedException(HttpStatus.NOT_FOUND, "There is no reading " + id + ".");
    }

    record Id(long id) {}
}
