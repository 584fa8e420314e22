/** What the stress tests have in common. The tests are in the packages of the classes that they are about. */
@NullMarked
package io.asyncbatcher.stress;

import org.jspecify.annotations.NullMarked;
