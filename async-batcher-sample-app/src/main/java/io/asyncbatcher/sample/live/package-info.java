/** The live page: load that the application makes itself, with batching and without, and what becomes of it, as events. */
@NullMarked
package io.asyncbatcher.sample.live;

import org.jspecify.annotations.NullMarked;
