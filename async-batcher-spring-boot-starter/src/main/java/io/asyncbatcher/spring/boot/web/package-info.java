/** What web applications respond where a batcher fails a request's item. */
@NullMarked
package io.asyncbatcher.spring.boot.web;

import org.jspecify.annotations.NullMarked;
