/** Sensor readings into PostgreSQL: many small requests, few statements. */
@NullMarked
package io.asyncbatcher.sample.readings;

import org.jspecify.annotations.NullMarked;
