package io.asyncbatcher.sample.github;

import java.util.Locale;

/**
 * What a repository is called. GitHub's names know no case: in lower case, two spellings of a name are equal, and are
 * looked up once.
 */
record RepositoryName(String owner, String name) {

    RepositoryName {
        owner = owner.toLowerCase(Locale.ROOT);
        name = name.toLowerCase(Locale.ROOT);
    }
}
