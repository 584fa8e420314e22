/** The beans that options name: executors, functions of an item, a listener. Each is looked up when it is first needed. */
@NullMarked
package io.asyncbatcher.spring.boot.beans;

import org.jspecify.annotations.NullMarked;
