package io.asyncbatcher.sample.sklearn;

import java.util.Collections;
import org.springframework.core.io.ClassPathResource;

/** Ends its JVM, and reads digits meanwhile: run by {@link DigitModelTests} in a JVM of its own. */
final class ShutdownReader {

    private ShutdownReader() {}

    public static void main(String[] args) throws Exception {
        DigitModel model = new DigitModel(new ClassPathResource("sklearn/digits.onnx"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> read(model)));
        System.exit(0);
    }

    private static void read(DigitModel model) {
        Digit blank = new Digit(Collections.nCopies(Digit.PIXELS, 0.0));
        try (model) {
            // Each needs more memory than the one before it, which ONNX Runtime would log if it had a logger left.
            for (int digits = 1; digits <= 16_384; digits *= 2) {
                model.predictAll(Collections.nCopies(digits, blank));
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        System.out.println("Read to the end");
    }
}
