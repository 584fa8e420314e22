/** Messages into queues of Amazon SQS: one a request, up to ten a call. */
@NullMarked
package io.asyncbatcher.sample.sqs;

import org.jspecify.annotations.NullMarked;
