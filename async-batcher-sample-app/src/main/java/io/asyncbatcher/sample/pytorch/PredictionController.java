package io.asyncbatcher.sample.pytorch;

import io.asyncbatcher.BatcherClient;
import jakarta.validation.Valid;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes digits one a request, and has them read many a call. */
@RestController("pytorchPredictions")
@Profile("pytorch")
@RequestMapping("/api/pytorch/predictions")
class PredictionController {

    private final BatcherClient<Digit, Prediction> pytorch;
    private final DigitModel model;

    PredictionController(BatcherClient<Digit, Prediction> pytorch, DigitModel model) {
        this.pytorch = pytorch;
        this.model = model;
    }

    @PostMapping
    CompletableFuture<Prediction> predict(@Valid @RequestBody Digit digit) {
        return pytorch.process(digit);
    }

    /** The same without batching: one call of the model a request. */
    @PostMapping("/unbatched")
    Prediction predictUnbatched(@Valid @RequestBody Digit digit) {
        return model.predict(digit);
    }
}
