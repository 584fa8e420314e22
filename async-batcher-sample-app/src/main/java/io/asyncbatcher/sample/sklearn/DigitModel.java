package io.asyncbatcher.sample.sklearn;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.asyncbatcher.sample.SystemUnavailableException;
import io.asyncbatcher.spring.Batched;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Service;

/** The model that models/train_sklearn.py has trained and exported. */
@Service("sklearnModel")
@Profile("sklearn")
final class DigitModel implements AutoCloseable {

    /**
     * A call runs on the batch's own thread. A second one would be taken from the requests, on a machine with two cores,
     * and the model's many small steps end too soon for two threads to gain from sharing one.
     */
    private static final int THREADS = 1;

    private static final int WARM_UP_DIGITS = 64;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OnnxEnvironmentReference environmentReference = new OnnxEnvironmentReference();
    private final OrtSession session;

    DigitModel(@Value("classpath:sklearn/digits.onnx") Resource model) throws IOException, OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(THREADS);
            session = environment.createSession(model.getContentAsByteArray(), options);
        }
        warmUp();
    }

    /**
     * Reads digits in one call.
     *
     * @return element i is what digit i looks like
     */
    @Batched("sklearn")
    List<Prediction> predictAll(List<Digit> digits) {
        FloatBuffer pixels = FloatBuffer.allocate(digits.size() * Digit.PIXELS);
        digits.forEach(digit -> digit.features().forEach(pixel -> pixels.put(pixel.floatValue())));
        long[] shape = {digits.size(), Digit.PIXELS};
        try (OnnxTensor input = OnnxTensor.createTensor(environment, pixels.flip(), shape);
                OrtSession.Result output = session.run(Map.of("features", input))) {
            float[][] probabilities = (float[][]) output.get(0).getValue();
            return Arrays.stream(probabilities).map(Prediction::of).toList();
        } catch (OrtException e) {
            throw new SystemUnavailableException("The model", true, e);
        }
    }

    /** Reads one digit in a call of its own: what {@link #predictAll} is compared with. */
    Prediction predict(Digit digit) {
        return predictAll(List.of(digit)).get(0);
    }

    /** Spring calls it after the batchers have stopped, so that no call is under way. */
    @Override
    public void close() throws OrtException {
        session.close();
        environmentReference.close();
    }

    /** The first call of each size finds its memory; let no request wait for that. */
    private void warmUp() {
        Digit blank = new Digit(Collections.nCopies(Digit.PIXELS, 0.0));
        predict(blank);
        predictAll(Collections.nCopies(WARM_UP_DIGITS, blank));
    }
}
