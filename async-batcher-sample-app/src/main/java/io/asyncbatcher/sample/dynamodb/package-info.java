/** Documents in DynamoDB: 25 puts a call, 100 gets a call, and what a call leaves unprocessed tried again. */
@NullMarked
package io.asyncbatcher.sample.dynamodb;

import org.jspecify.annotations.NullMarked;
