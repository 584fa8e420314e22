package io.asyncbatcher.benchmarks.experiment;

import io.asyncbatcher.BatcherClient;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The stand-in's endpoints, made as those of the sample's models are. */
@RestController
@Profile("stand-in")
@RequestMapping("/api/stand-in")
class StandInController {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final BatcherClient<List<Double>, Double> predictions;
    private final StandInModel model;

    StandInController(BatcherClient<List<Double>, Double> predictions, StandInModel model) {
        this.predictions = predictions;
        this.model = model;
    }

    @PostMapping("/predictions")
    CompletableFuture<Prediction> predict(@Valid @RequestBody Request request) {
        return predictions.process(request.features(), TIMEOUT).thenApply(Prediction::new);
    }

    @PostMapping("/predictions/unbatched")
    Prediction predictUnbatched(@Valid @RequestBody Request request) {
        return new Prediction(model.predict(request.features()));
    }

    /** Without the model. */
    @PostMapping("/at-once")
    Prediction answerAtOnce(@Valid @RequestBody Request request) {
        return new Prediction(StandInModel.sum(request.features()));
    }

    record Request(@NotNull @Size(min = 1, max = 64) List<@NotNull Double> features) {}

    record Prediction(double prediction) {}
}
