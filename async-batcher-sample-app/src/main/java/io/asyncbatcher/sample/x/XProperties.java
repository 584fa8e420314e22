package io.asyncbatcher.sample.x;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where X is, and who asks.
 *
 * @param baseUrl the API, without {@code /2}
 * @param token the app's bearer token
 * @param connectTimeout the longest wait for a connection
 * @param readTimeout the longest wait for an answer, to its end
 */
@ConfigurationProperties("x")
record XProperties(URI baseUrl, String token, Duration connectTimeout, Duration readTimeout) {

    XProperties {
        // Anything else would end up in the message of the HTTP client that can't send it.
        if (!token.matches("[!-~]+")) {
            throw new IllegalArgumentException("x.token must be set to a token, without spaces around it");
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "XProperties[baseUrl=" + baseUrl + "]";
    }
}
