/** The spans of batches. */
@NullMarked
package io.asyncbatcher.spring.boot.tracing;

import org.jspecify.annotations.NullMarked;
