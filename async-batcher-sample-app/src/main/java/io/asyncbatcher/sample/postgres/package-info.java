/** The database of the sample where the user names none: a real PostgreSQL that comes and goes with the application. */
@NullMarked
package io.asyncbatcher.sample.postgres;

import org.jspecify.annotations.NullMarked;
