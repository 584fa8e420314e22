/** The threads that it all runs on, and time: alarms, deadlines, frames of nested work, and the watchdog. */
@NullMarked
package io.asyncbatcher.internal.thread;

import org.jspecify.annotations.NullMarked;
