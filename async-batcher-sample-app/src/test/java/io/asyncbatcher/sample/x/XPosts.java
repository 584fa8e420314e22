package io.asyncbatcher.sample.x;

import static java.util.stream.Collectors.partitioningBy;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers for the ids that were asked for, last one first: ids that end in 1 belong to no post, those that end in 2 to a
 * protected one, and X leaves out those that end in 3.
 */
final class XPosts implements ResponseDefinitionTransformerV2 {

    private static final String PROBLEM = "https://api.twitter.com/2/problems/";

    @Override
    public String getName() {
        return "posts";
    }

    @Override
    public boolean applyGlobally() {
        return false;
    }

    @Override
    public ResponseDefinition transform(ServeEvent event) {
        List<String> ids = new ArrayList<>(
                List.of(event.getRequest().queryParameter("ids").firstValue().split(",")));
        if (ids.size() > 100 || !ids.stream().allMatch(id -> id.matches("[0-9]{1,19}"))) {
            return answer(
                    400,
                    Map.of(
                            "title", "Invalid Request",
                            "detail", "One or more parameters to your request was invalid.",
                            "type", PROBLEM + "invalid-request"));
        }
        Collections.reverse(ids);
        Map<Boolean, List<String>> exist = ids.stream().collect(partitioningBy(id -> !id.matches(".*[12]")));
        Map<String, Object> answer = new TreeMap<>();
        answer.put(
                "data",
                exist.get(true).stream()
                        .filter(id -> !id.endsWith("3"))
                        .map(XPosts::post)
                        .toList());
        answer.put("errors", exist.get(false).stream().map(XPosts::error).toList());
        if (exist.get(false).isEmpty()) {
            answer.remove("errors");
        } else if (exist.get(true).isEmpty()) {
            answer.remove("data");
        }
        return answer(200, answer);
    }

    private static ResponseDefinition answer(int status, Map<String, ?> body) {
        return ResponseDefinitionBuilder.responseDefinition()
                .withStatus(status)
                .withHeader("Content-Type", "application/json; charset=utf-8")
                .withHeader("x-rate-limit-limit", "3500")
                .withHeader("x-rate-limit-remaining", "3499")
                .withBody(new JsonMapper().writeValueAsString(body))
                .build();
    }

    private static Map<String, Object> post(String id) {
        return Map.of(
                "id",
                id,
                "author_id",
                "1" + id,
                "created_at",
                "2021-01-06T18:40:40.000Z",
                "text",
                "Post " + id,
                "edit_history_tweet_ids",
                List.of(id));
    }

    private static Map<String, Object> error(String id) {
        boolean isProtected = id.endsWith("2");
        return Map.of(
                "value",
                id,
                "detail",
                (isProtected ? "Sorry, you are not authorized to see" : "Could not find") + " tweet with ids: [" + id
                        + "].",
                "title",
                isProtected ? "Authorization Error" : "Not Found Error",
                "resource_type",
                "tweet",
                "parameter",
                "ids",
                "resource_id",
                id,
                "type",
                PROBLEM + (isProtected ? "not-authorized-for-resource" : "resource-not-found"));
    }
}
