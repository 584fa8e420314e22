package io.asyncbatcher.sample.dynamodb;

/** What a document is found by. Two equal ones in a batch are one to {@code deduplicate}. */
record DocumentKey(String key) {}
