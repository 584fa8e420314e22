package io.asyncbatcher.sample.readings;

/** The value that a reading is to have. */
record ReadingUpdate(long id, double value) {}
