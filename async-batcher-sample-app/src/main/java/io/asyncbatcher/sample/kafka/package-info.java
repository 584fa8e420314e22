/** Events into Kafka: many small requests, few produce requests, each event's own place in the log. */
@NullMarked
package io.asyncbatcher.sample.kafka;

import org.jspecify.annotations.NullMarked;
