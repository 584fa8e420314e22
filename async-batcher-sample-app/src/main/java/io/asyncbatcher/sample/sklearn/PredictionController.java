package io.asyncbatcher.sample.sklearn;

import io.asyncbatcher.BatcherClient;
import jakarta.validation.Valid;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes digits one a request, and has them read many a call. */
@RestController("sklearnPredictions")
@Profile("sklearn")
@RequestMapping("/api/sklearn/predictions")
class PredictionController {

    private final BatcherClient<Digit, Prediction> sklearn;
    private final DigitModel model;

    PredictionController(BatcherClient<Digit, Prediction> sklearn, DigitModel model) {
        this.sklearn = sklearn;
        this.model = model;
    }

    @PostMapping
    CompletableFuture<Prediction> predict(@Valid @RequestBody Digit digit) {
        return sklearn.process(digit);
    }

    /** The same without batching: one call of the model a request. */
    @PostMapping("/unbatched")
    Prediction predictUnbatched(@Valid @RequestBody Digit digit) {
        return model.predict(digit);
    }
}
