/**
 * A Spring Boot application that shows the batcher on real systems, one package a use. What the uses share stands here:
 * the start and the answers to bad requests.
 */
@NullMarked
package io.asyncbatcher.sample;

import org.jspecify.annotations.NullMarked;
