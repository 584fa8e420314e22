/** What is logged of batchers: a line for each at startup, and a warning where batches fail. */
@NullMarked
package io.asyncbatcher.spring.boot.logging;

import org.jspecify.annotations.NullMarked;
