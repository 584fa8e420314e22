/** What the engine's lock guards: who gets room, which batch goes next, and when a stop is over. */
@NullMarked
package io.asyncbatcher.internal.dispatch;

import org.jspecify.annotations.NullMarked;
