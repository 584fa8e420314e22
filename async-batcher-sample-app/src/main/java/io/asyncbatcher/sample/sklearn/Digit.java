package io.asyncbatcher.sample.sklearn;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * A handwritten digit. A batch is one tensor, which a digit with a pixel too many would shift for all behind it: so it is
 * rejected here, before it has neighbours.
 *
 * @param features 8 x 8 pixels by rows, each from 0 (paper) to 16 (ink); the limits leave out the infinities and NaN
 */
record Digit(
        @NotNull @Size(min = Digit.PIXELS, max = Digit.PIXELS, message = "must be 64 numbers")
        List<@NotNull @DecimalMin("0") @DecimalMax("16") Double> features) {

    static final int PIXELS = 64;
}
