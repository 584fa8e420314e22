/** Orders into RabbitMQ: many small requests, few waits for the broker's confirms, and each order's own confirm. */
@NullMarked
package io.asyncbatcher.sample.rabbitmq;

import org.jspecify.annotations.NullMarked;
