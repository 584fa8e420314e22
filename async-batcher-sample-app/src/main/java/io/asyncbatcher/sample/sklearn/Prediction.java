package io.asyncbatcher.sample.sklearn;

import java.util.ArrayList;
import java.util.List;

/**
 * What the model makes of a digit.
 *
 * @param digit the likeliest, 0 to 9
 * @param probabilities element i says how likely it is an i
 */
record Prediction(int digit, List<Float> probabilities) {

    static Prediction of(float[] probabilities) {
        List<Float> list = new ArrayList<>(probabilities.length);
        int likeliest = 0;
        for (int digit = 0; digit < probabilities.length; digit++) {
            list.add(probabilities[digit]);
            if (probabilities[digit] > probabilities[likeliest]) {
                likeliest = digit;
            }
        }
        return new Prediction(likeliest, list);
    }
}
