/** One item: its caller's future, who may end it, and what listeners hear of it. */
@NullMarked
package io.asyncbatcher.internal.item;

import org.jspecify.annotations.NullMarked;
