package io.asyncbatcher.sample.rabbitmq;

/** RabbitMQ has taken the order over. */
record Confirmation(String id) {}
