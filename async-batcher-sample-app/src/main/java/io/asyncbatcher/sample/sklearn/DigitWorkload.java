package io.asyncbatcher.sample.sklearn;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.sample.live.Workload;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Predictions for the live page, with batching and without: nothing that a copy of this package needs. */
@Component("sklearnWorkload")
@Profile("sklearn")
class DigitWorkload implements Workload {

    private static final int DIGITS = 100;

    private final BatcherClient<Digit, Prediction> sklearn;
    private final DigitModel model;
    private final int processors = Runtime.getRuntime().availableProcessors();
    private final List<Digit> digits;

    DigitWorkload(BatcherClient<Digit, Prediction> sklearn, DigitModel model) {
        this.sklearn = sklearn;
        this.model = model;
        SplittableRandom random = new SplittableRandom(1);
        digits = Stream.generate(() ->
                        new Digit(random.doubles(Digit.PIXELS, 0, 16).boxed().toList()))
                .limit(DIGITS)
                .toList();
    }

    @Override
    public String name() {
        return "predictions";
    }

    @Override
    public String title() {
        return "Predictions (scikit-learn)";
    }

    @Override
    public String batcher() {
        return "sklearn";
    }

    @Override
    public int unbatchedConcurrency() {
        return processors;
    }

    @Override
    public String unbatchedLimit() {
        return "Without batching, " + processors
                + " calls of the model run at once, one on each of the machine's processors."
                + " Batches take one processor for each that runs at once.";
    }

    @Override
    public CompletableFuture<Prediction> batched(long number) {
        return sklearn.process(digit(number));
    }

    @Override
    public void unbatched(long number) {
        model.predict(digit(number));
    }

    private Digit digit(long number) {
        return digits.get((int) (number % DIGITS));
    }
}
