/**
 * The settings of batchers: the properties, the layers that they are read from, and what each batcher is set to. Nothing
 * else reads an option from the environment. Start at {@code ConfiguredBatchers}.
 */
@NullMarked
package io.asyncbatcher.spring.boot.settings;

import org.jspecify.annotations.NullMarked;
