/** Whether a batch that isn't full waits for more items. */
@NullMarked
package io.asyncbatcher.internal.policy;

import org.jspecify.annotations.NullMarked;
