package io.asyncbatcher.sample.x;

import io.asyncbatcher.Outcome;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.spring.Batched;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/** Looks posts up, a hundred a call. */
@Service
@Profile("x")
class PostLookup {

    /** What concerns one id only: a post that isn't there, or that the app may not see. */
    private static final List<String> NOT_FOR_US = List.of("/resource-not-found", "/not-authorized-for-resource");

    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    private final XApi x;

    PostLookup(XApi x) {
        this.x = x;
    }

    /**
     * Looks posts up in one call.
     *
     * @return element i is the post of id i, or why there is none
     */
    @Batched("posts")
    List<Outcome<Post>> findAll(List<Long> ids) {
        JsonNode answer = x.posts(ids);
        Map<String, Post> posts = new HashMap<>();
        answer.path("data").forEach(post -> posts.put(post.path("id").asString(), Post.of(post)));
        Set<String> notForUs = new HashSet<>();
        answer.path("errors")
                .valueStream()
                .filter(error -> NOT_FOR_US.stream().anyMatch(error.path("type").asString("")::endsWith))
                .forEach(error -> notForUs.add(error.path("resource_id").asString("")));
        return ids.stream()
                .map(String::valueOf)
                .map(id -> outcome(posts.get(id), notForUs.contains(id)))
                .toList();
    }

    private static Outcome<Post> outcome(@Nullable Post post, boolean isNotForUs) {
        if (post != null) {
            return Outcome.success(post);
        }
        return isNotForUs
                ? Outcome.failure(new ItemRejectedException(
                        HttpStatus.NOT_FOUND, "There is no such post, or the application may not see it."))
                : Outcome.retry(XApi.unavailable("An answer left out a post"), RETRY_DELAY);
    }
}
