package io.asyncbatcher.sample.github;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where GitHub is, and who asks.
 *
 * @param baseUrl the API, without {@code /graphql}
 * @param token a personal access token, or that of an app's installation
 * @param connectTimeout the longest wait for a connection
 * @param readTimeout the longest wait for an answer, to its end
 */
@ConfigurationProperties("github")
record GitHubProperties(URI baseUrl, String token, Duration connectTimeout, Duration readTimeout) {

    GitHubProperties {
        // Anything else would end up in the message of the HTTP client that can't send it.
        if (!token.matches("[!-~]+")) {
            throw new IllegalArgumentException("github.token must be set to a token, without spaces around it");
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "GitHubProperties[baseUrl=" + baseUrl + "]";
    }
}
