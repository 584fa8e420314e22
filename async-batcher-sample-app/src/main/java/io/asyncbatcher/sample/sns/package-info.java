/** Messages to topics of Amazon SNS: one a request, up to ten a call. */
@NullMarked
package io.asyncbatcher.sample.sns;

import org.jspecify.annotations.NullMarked;
