/** Orders into MySQL: many requests an insert, each with its own generated id, and duplicates rejected alone. */
@NullMarked
package io.asyncbatcher.sample.mysql;

import org.jspecify.annotations.NullMarked;
