package io.asyncbatcher.sample.github;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A repository as GitHub describes it; the names of the components are those of GitHub's fields. */
record Repository(
        String nameWithOwner, @Nullable String description, String url, long stargazerCount, boolean isArchived) {

    static Repository of(JsonNode node) {
        return new Repository(
                node.path("nameWithOwner").asString(),
                node.path("description").stringValue(null),
                node.path("url").asString(),
                node.path("stargazerCount").asLong(),
                node.path("isArchived").asBoolean());
    }
}
