package io.asyncbatcher.sample.github;

import static java.util.stream.Collectors.joining;

import io.asyncbatcher.Outcome;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.spring.Batched;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/** Looks repositories up, each as an alias ({@code i0}, {@code i1} …) of one query. */
@Service
@Profile("github")
class RepositoryLookup {

    /** What concerns one look-up only. GitHub hides what the token may not see, or says that it may not. */
    private static final Set<String> NOT_FOR_US = Set.of("NOT_FOUND", "FORBIDDEN");

    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    private static final String FIELDS =
            "fragment fields on Repository { nameWithOwner description url stargazerCount isArchived }";

    private final GitHubApi github;

    RepositoryLookup(GitHubApi github) {
        this.github = github;
    }

    /**
     * Looks repositories up in one query.
     *
     * @return element i is the repository of name i, or why there is none
     */
    @Batched("repositories")
    List<Outcome<Repository>> findAll(List<RepositoryName> names) {
        JsonNode answer = github.query(query(names.size()), variables(names));
        Map<String, String> errors = errors(answer);
        return IntStream.range(0, names.size())
                .mapToObj(i -> "i" + i)
                .map(alias -> outcome(answer.path("data").path(alias), errors.getOrDefault(alias, "no data")))
                .toList();
    }

    /** Depends on the number of names only: the names themselves go as variables, so none can become a part of it. */
    private static String query(int size) {
        return each(size, "$owner#: String!, $name#: String!", "query (", ", ", ") ")
                + each(size, "i#: repository(owner: $owner#, name: $name#) { ...fields }", "{ ", " ", " } ")
                + FIELDS;
    }

    private static String each(int size, String part, String before, String between, String after) {
        return IntStream.range(0, size)
                .mapToObj(i -> part.replace("#", Integer.toString(i)))
                .collect(joining(between, before, after));
    }

    private static Map<String, String> variables(List<RepositoryName> names) {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            variables.put("owner" + i, names.get(i).owner());
            variables.put("name" + i, names.get(i).name());
        }
        return variables;
    }

    /** The type of each alias's error. */
    private static Map<String, String> errors(JsonNode answer) {
        Map<String, String> errors = new HashMap<>();
        for (JsonNode error : answer.path("errors")) {
            errors.put(
                    error.path("path").path(0).asString(""), error.path("type").asString("an error"));
        }
        return errors;
    }

    private static Outcome<Repository> outcome(JsonNode repository, String error) {
        if (repository.isObject()) {
            return Outcome.success(Repository.of(repository));
        }
        if (NOT_FOR_US.contains(error)) {
            return Outcome.failure(new ItemRejectedException(
                    HttpStatus.NOT_FOUND, "There is no such repository, or the application may not see it."));
        }
        // RESOURCE_LIMITS_EXCEEDED, for instance: GitHub answers what it got done.
        return Outcome.retry(GitHubApi.unavailable("A look-up ended with " + error), RETRY_DELAY);
    }
}
