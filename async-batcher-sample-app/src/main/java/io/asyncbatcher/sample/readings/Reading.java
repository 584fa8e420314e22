package io.asyncbatcher.sample.readings;

import java.time.Instant;

/** A reading as it is stored. */
record Reading(long id, String sensor, Instant time, double value) {}
