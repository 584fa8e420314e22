package io.asyncbatcher.sample.x;

import static java.util.concurrent.CompletableFuture.failedFuture;

import io.asyncbatcher.BatcherClient;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers for one post a request, and asks X for many a call. */
@RestController
@Profile("x")
@RequestMapping("/api/x/posts")
class PostController {

    /** A caller waits for the next window if it is near, and is told when it comes if not. Tomcat gives up after 30 s. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final BatcherClient<Long, Post> posts;
    private final XApi x;

    PostController(BatcherClient<Long, Post> posts, XApi x) {
        this.posts = posts;
        this.x = x;
    }

    @GetMapping("/{id}")
    CompletableFuture<Post> get(@PathVariable @Positive(message = "must be positive") long id) {
        return posts.process(id, TIMEOUT).exceptionallyCompose(failure -> failedFuture(x.inVain(failure)));
    }
}
