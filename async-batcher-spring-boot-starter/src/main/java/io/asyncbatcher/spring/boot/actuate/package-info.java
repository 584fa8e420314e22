/** What Actuator shows of batchers and lets an operator change: the endpoint {@code batchers}, and their health. */
@NullMarked
package io.asyncbatcher.spring.boot.actuate;

import org.jspecify.annotations.NullMarked;
