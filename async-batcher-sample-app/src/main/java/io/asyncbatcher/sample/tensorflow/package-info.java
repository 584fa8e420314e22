/** A TensorFlow model that reads handwritten digits: one call for many digits. */
@NullMarked
package io.asyncbatcher.sample.tensorflow;

import org.jspecify.annotations.NullMarked;
