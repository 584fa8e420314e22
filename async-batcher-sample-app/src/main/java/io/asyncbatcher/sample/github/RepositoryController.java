package io.asyncbatcher.sample.github;

import static java.util.concurrent.CompletableFuture.failedFuture;

import io.asyncbatcher.BatcherClient;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers for one repository a request, and asks GitHub for many a query. */
@RestController
@Profile("github")
@RequestMapping("/api/github/repositories")
class RepositoryController {

    /** A caller waits through a short rate limit, and is told of a long one. Tomcat would give up after 30 s. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final BatcherClient<RepositoryName, Repository> repositories;
    private final GitHubApi github;

    RepositoryController(BatcherClient<RepositoryName, Repository> repositories, GitHubApi github) {
        this.repositories = repositories;
        this.github = github;
    }

    @GetMapping("/{owner}/{name}")
    CompletableFuture<Repository> get(
            @PathVariable
                    @Pattern(
                            regexp = "[A-Za-z0-9][A-Za-z0-9_-]{0,38}",
                            message = "must be a name of a user or an organization")
                    String owner,
            @PathVariable @Pattern(regexp = "[A-Za-z0-9._-]{1,100}", message = "must be a name of a repository")
                    String name) {
        return repositories
                .process(new RepositoryName(owner, name), TIMEOUT)
                .exceptionallyCompose(failure -> failedFuture(github.inVain(failure)));
    }
}
