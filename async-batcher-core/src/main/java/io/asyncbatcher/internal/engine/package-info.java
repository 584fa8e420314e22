/** The public interface's other side: the lock, submission and hand-over. */
@NullMarked
package io.asyncbatcher.internal.engine;

import org.jspecify.annotations.NullMarked;
