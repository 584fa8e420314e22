/** Repositories from GitHub: many look-ups as aliases of one GraphQL query, within GitHub's limits. */
@NullMarked
package io.asyncbatcher.sample.github;

import org.jspecify.annotations.NullMarked;
