package io.asyncbatcher.sample.pytorch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.asyncbatcher.sample.SystemUnavailableException;
import io.asyncbatcher.spring.Batched;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Service;

/** The model that models/train_pytorch.py has trained and saved. */
@Service("pytorchModel")
@Profile("pytorch")
final class DigitModel implements AutoCloseable {

    private static final int WARM_UP_CALLS = 3;
    private static final int WARM_UP_DIGITS = 64;

    static {
        // DJL would otherwise fetch natives that are missing. It reads these once, before the first model.
        System.setProperty("ai.djl.offline", "true");
        // A call runs on the batch's own thread. Threads that share the steps of one wait for each other by spinning:
        // on two
        // cores, of which requests need one, a call takes many times as long.
        System.setProperty("ai.djl.pytorch.num_threads", "1");
    }

    private final Model model = Model.newInstance("digits", Device.cpu(), "PyTorch");

    DigitModel(@Value("classpath:pytorch/digits.pt") Resource saved) throws IOException, MalformedModelException {
        try (InputStream stream = saved.getInputStream()) {
            model.load(stream);
        }
        warmUp();
    }

    /**
     * Reads digits in one call.
     *
     * @return element i is what digit i looks like
     */
    @Batched("pytorch")
    List<Prediction> predictAll(List<Digit> digits) {
        FloatBuffer pixels = FloatBuffer.allocate(digits.size() * Digit.PIXELS);
        digits.forEach(digit -> digit.features().forEach(pixel -> pixels.put(pixel.floatValue())));
        // Everything native that a call makes belongs to its manager, and goes with it.
        try (NDManager manager = model.getNDManager().newSubManager()) {
            NDArray input = manager.create(pixels.flip(), new Shape(digits.size(), pixels.limit() / digits.size()));
            NDArray output = model.getBlock()
                    .forward(new ParameterStore(manager, false), new NDList(input), false)
                    .singletonOrThrow();
            float[] probabilities = output.toFloatArray();
            return IntStream.range(0, digits.size())
                    .mapToObj(digit -> Prediction.of(probabilities, digit))
                    .toList();
        } catch (EngineException e) {
            throw new SystemUnavailableException("The model", true, e);
        }
    }

    /** Reads one digit in a call of its own: what {@link #predictAll} is compared with. */
    Prediction predict(Digit digit) {
        return predictAll(List.of(digit)).get(0);
    }

    /** Spring calls it after the batchers have stopped, so that no call is under way. */
    @Override
    public void close() {
        model.close();
    }

    /** The first calls of each kind compile the model; let no request wait for that. */
    private void warmUp() {
        Digit blank = new Digit(Collections.nCopies(Digit.PIXELS, 0.0));
        for (int call = 0; call < WARM_UP_CALLS; call++) {
            predict(blank);
            predictAll(Collections.nCopies(WARM_UP_DIGITS, blank));
        }
    }
}
