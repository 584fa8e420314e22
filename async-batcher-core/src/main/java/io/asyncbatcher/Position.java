package io.asyncbatcher;

/** Where a queued item can be found, to be taken out of the middle. */
sealed interface Position permits Chunk, Entry, Handed {}
