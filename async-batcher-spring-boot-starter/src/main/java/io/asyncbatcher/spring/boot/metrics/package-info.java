/** The meters of batcher beans. What is measured is in {@code io.asyncbatcher.spring.BatcherMetrics}. */
@NullMarked
package io.asyncbatcher.spring.boot.metrics;

import org.jspecify.annotations.NullMarked;
