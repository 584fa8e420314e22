/** Races on real threads whose schedule Fray decides. */
@NullMarked
package io.asyncbatcher.schedules;

import org.jspecify.annotations.NullMarked;
