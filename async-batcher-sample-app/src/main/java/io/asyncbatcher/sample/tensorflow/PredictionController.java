package io.asyncbatcher.sample.tensorflow;

import io.asyncbatcher.BatcherClient;
import jakarta.validation.Valid;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes digits one a request, and has them read many a call. */
@RestController("tensorflowPredictions")
@Profile("tensorflow")
@RequestMapping("/api/tensorflow/predictions")
class PredictionController {

    private final BatcherClient<Digit, Prediction> tensorflow;
    private final DigitModel model;

    PredictionController(BatcherClient<Digit, Prediction> tensorflow, DigitModel model) {
        this.tensorflow = tensorflow;
        this.model = model;
    }

    @PostMapping
    CompletableFuture<Prediction> predict(@Valid @RequestBody Digit digit) {
        return tensorflow.process(digit);
    }

    /** The same without batching: one call of the model a request. */
    @PostMapping("/unbatched")
    Prediction predictUnbatched(@Valid @RequestBody Digit digit) {
        return model.predict(digit);
    }
}
