/** A PyTorch model that reads handwritten digits, run by DJL: one call for many digits. */
@NullMarked
package io.asyncbatcher.sample.pytorch;

import org.jspecify.annotations.NullMarked;
