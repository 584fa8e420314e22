package io.asyncbatcher.sample.sklearn;

import java.util.Collections;
import org.springframework.boot.CommandLineRunner;
import org.springframework.core.io.ClassPathResource;

/**
 * Ends its JVM, and reads digits meanwhile: run by {@link DigitModelTests} in a JVM of its own. Not by a main method, of which
 * the tests have one already, as {@code spring-boot:test-run} wants it.
 */
final class ShutdownDuringPredictions implements CommandLineRunner {

    @Override
    public void run(String... args) throws Exception {
        DigitModel model = new DigitModel(new ClassPathResource("sklearn/digits.onnx"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> read(model)));
        // On a thread of its own: the shutdown waits for the context, which this one is still starting.
        new Thread(() -> System.exit(0)).start();
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
