package io.asyncbatcher.sample.tensorflow;

import io.asyncbatcher.sample.SystemUnavailableException;
import io.asyncbatcher.spring.Batched;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Service;
import org.springframework.util.FileSystemUtils;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.SessionFunction;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/** The model that models/train_tensorflow.py has trained and saved. */
@Service("tensorflowModel")
@Profile("tensorflow")
final class DigitModel implements AutoCloseable {

    /** A call runs on the batch's own thread; a pool would take the core that the requests need, and gain nothing here. */
    private static final ConfigProto ONE_THREAD = ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(1)
            .setInterOpParallelismThreads(1)
            .build();

    private static final int WARM_UP_CALLS = 3;
    private static final int WARM_UP_DIGITS = 64;

    private final SavedModelBundle model;
    private final SessionFunction function;

    DigitModel(@Value("classpath:tensorflow/saved_model.pb") Resource saved) throws IOException {
        model = load(saved);
        function = model.function("serving_default");
        warmUp();
    }

    /**
     * Reads digits in one call.
     *
     * @return element i is what digit i looks like
     */
    @Batched("tensorflow")
    List<Prediction> predictAll(List<Digit> digits) {
        FloatBuffer pixels = FloatBuffer.allocate(digits.size() * Digit.PIXELS);
        digits.forEach(digit -> digit.features().forEach(pixel -> pixels.put(pixel.floatValue())));
        Shape shape = Shape.of(digits.size(), pixels.flip().limit() / digits.size());
        try (Tensor input = TFloat32.tensorOf(shape, DataBuffers.of(pixels));
                Result output = function.call(Collections.singletonMap("features", input))) {
            float[] probabilities = new float[(int) output.get(0).shape().size()];
            ((TFloat32) output.get(0)).copyTo(DataBuffers.of(probabilities, false, false));
            return IntStream.range(0, digits.size())
                    .mapToObj(digit -> Prediction.of(probabilities, digit))
                    .toList();
        } catch (RuntimeException e) {
            // TensorFlow's exceptions have no type in common.
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

    /** TensorFlow loads from a directory only, and the application may be a jar. */
    private static SavedModelBundle load(Resource saved) throws IOException {
        Path directory = Files.createTempDirectory("tensorflow-model");
        try (InputStream stream = saved.getInputStream()) {
            Files.copy(stream, directory.resolve("saved_model.pb"));
            return SavedModelBundle.loader(directory.toString())
                    .withTags("serve")
                    .withConfigProto(ONE_THREAD)
                    .load();
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    /** The first calls of each kind prepare the graph; let no request wait for that. */
    private void warmUp() {
        Digit blank = new Digit(Collections.nCopies(Digit.PIXELS, 0.0));
        for (int call = 0; call < WARM_UP_CALLS; call++) {
            predict(blank);
            predictAll(Collections.nCopies(WARM_UP_DIGITS, blank));
        }
    }
}
