/** Batchers of other applications, and batchers that other applications can reach. */
@NullMarked
package io.asyncbatcher.spring.boot.remote;

import org.jspecify.annotations.NullMarked;
