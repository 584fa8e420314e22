package io.asyncbatcher.sample.kafka;

/** Where an event is stored: what Kafka confirmed. */
record EventPosition(String topic, int partition, long offset) {}
