/** The shapes of processors, and what they may return. */
@NullMarked
package io.asyncbatcher.internal.call;

import org.jspecify.annotations.NullMarked;
