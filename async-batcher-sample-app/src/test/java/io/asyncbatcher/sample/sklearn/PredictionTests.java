package io.asyncbatcher.sample.sklearn;

import io.asyncbatcher.sample.PredictionContract;
import java.util.List;
import org.springframework.test.context.ActiveProfiles;

@ActiveProfiles("sklearn")
class PredictionTests extends PredictionContract<Digit, Prediction> {

    PredictionTests() {
        super("sklearn");
    }

    @Override
    protected Digit digit(List<Double> features) {
        return new Digit(features);
    }
}
