/** How items get their ends: on which thread, by which tasks, and when all are settled. */
@NullMarked
package io.asyncbatcher.internal.settlement;

import org.jspecify.annotations.NullMarked;
