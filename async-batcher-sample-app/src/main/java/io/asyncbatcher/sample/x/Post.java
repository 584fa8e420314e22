package io.asyncbatcher.sample.x;

import tools.jackson.databind.JsonNode;

/** A post as X has it. Ids are text: they have more digits than a number in JavaScript can hold. */
record Post(String id, String authorId, String createdAt, String text) {

    static Post of(JsonNode node) {
        return new Post(
                node.path("id").asString(),
                node.path("author_id").asString(),
                node.path("created_at").asString(),
                node.path("text").asString());
    }
}
