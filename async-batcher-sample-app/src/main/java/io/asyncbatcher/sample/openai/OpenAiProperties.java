package io.asyncbatcher.sample.openai;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where OpenAI is, who asks, and which model.
 *
 * @param baseUrl the API, without {@code /v1}
 * @param token a project's API key
 * @param model an embedding model
 * @param connectTimeout the longest wait for a connection
 * @param readTimeout the longest wait for an answer, to its end
 */
@ConfigurationProperties("openai")
record OpenAiProperties(URI baseUrl, String token, String model, Duration connectTimeout, Duration readTimeout) {

    OpenAiProperties {
        // Anything else would end up in the message of the HTTP client that can't send it.
        if (!token.matches("[!-~]+")) {
            throw new IllegalArgumentException("openai.token must be set to a token, without spaces around it");
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "OpenAiProperties[baseUrl=" + baseUrl + ", model=" + model + "]";
    }
}
