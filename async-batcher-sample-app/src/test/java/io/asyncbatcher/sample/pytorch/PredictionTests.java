package io.asyncbatcher.sample.pytorch;

import io.asyncbatcher.sample.PredictionContract;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.test.context.ActiveProfiles;

@Tag("systems")
@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "The profile systems has natives for Linux on x86_64 only")
@ActiveProfiles("pytorch")
class PredictionTests extends PredictionContract<Digit, Prediction> {

    PredictionTests() {
        super("pytorch");
    }

    @Override
    protected Digit digit(List<Double> features) {
        return new Digit(features);
    }
}
