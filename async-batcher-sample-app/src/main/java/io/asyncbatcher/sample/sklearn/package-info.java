/** A scikit-learn model that reads handwritten digits, run by ONNX Runtime: one call for many digits. */
@NullMarked
package io.asyncbatcher.sample.sklearn;

import org.jspecify.annotations.NullMarked;
