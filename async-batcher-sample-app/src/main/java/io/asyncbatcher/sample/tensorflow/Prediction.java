package io.asyncbatcher.sample.tensorflow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the model makes of a digit.
 *
 * @param digit the likeliest, 0 to 9
 * @param probabilities element i says how likely it is an i
 */
record Prediction(int digit, List<Float> probabilities) {

    private static final int DIGITS = 10;

    /** One row of a batch's probabilities, which stand one after the other. */
    static Prediction of(float[] batch, int row) {
        List<Float> probabilities = new ArrayList<>(DIGITS);
        for (int digit = 0; digit < DIGITS; digit++) {
            probabilities.add(batch[row * DIGITS + digit]);
        }
        return new Prediction(probabilities.indexOf(Collections.max(probabilities)), probabilities);
    }
}
