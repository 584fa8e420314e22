/** Posts from X: up to a hundred look-ups a call, within the calls that X allows in a quarter of an hour. */
@NullMarked
package io.asyncbatcher.sample.x;

import org.jspecify.annotations.NullMarked;
