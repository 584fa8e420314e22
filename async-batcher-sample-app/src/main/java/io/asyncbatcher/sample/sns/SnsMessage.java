package io.asyncbatcher.sample.sns;

/**
 * A message on its way: the item of the batcher.
 *
 * @param topic the topic's name
 * @param content what is published
 */
record SnsMessage(String topic, NewSnsMessage content) {}
