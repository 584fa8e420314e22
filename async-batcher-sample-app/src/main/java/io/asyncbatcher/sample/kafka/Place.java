package io.asyncbatcher.sample.kafka;

/** Where an event is stored: what Kafka confirmed. */
record Place(String topic, int partition, long offset) {}
