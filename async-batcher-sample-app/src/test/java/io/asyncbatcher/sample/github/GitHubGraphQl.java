package io.asyncbatcher.sample.github;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.execution.DataFetcherResult;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The part of GitHub's schema that the sample asks for, executed, with GitHub's headers and form of errors. */
final class GitHubGraphQl implements ResponseDefinitionTransformerV2 {

    private static final JsonMapper JSON = new JsonMapper();

    private final GraphQL engine = GraphQL.newGraphQL(new SchemaGenerator()
                    .makeExecutableSchema(
                            new SchemaParser().parse("""
                                    type Query {
                                      repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
                                    }
                                    type Repository {
                                      nameWithOwner: String!
                                      description: String
                                      url: String!
                                      stargazerCount: Int!
                                      isArchived: Boolean!
                                    }
                                    """),
                            RuntimeWiring.newRuntimeWiring()
                                    .type("Query", query -> query.dataFetcher("repository", GitHubGraphQl::fetch))
                                    .build()))
            .build();

    @Override
    public String getName() {
        return "engine";
    }

    @Override
    public boolean applyGlobally() {
        return false;
    }

    @Override
    public ResponseDefinition transform(ServeEvent event) {
        JsonNode request = JSON.readTree(event.getRequest().getBody());
        ExecutionResult result = engine.execute(ExecutionInput.newExecutionInput()
                .query(request.path("query").asString())
                .variables(request.path("variables")
                        .propertyStream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                variable -> variable.getValue().asString())))
                .build());
        return ResponseDefinitionBuilder.responseDefinition()
                .withHeader("Content-Type", "application/json; charset=utf-8")
                .withHeader("x-ratelimit-limit", "5000")
                .withHeader("x-ratelimit-remaining", "4999")
                .withHeader("x-ratelimit-resource", "graphql")
                .withBody(JSON.writeValueAsString(asGitHub(result)))
                .build();
    }

    /** GitHub has the type of an error beside its message. */
    private static Map<String, Object> asGitHub(ExecutionResult result) {
        Map<String, Object> answer = new TreeMap<>();
        if (result.isDataPresent()) {
            answer.put("data", result.getData());
        }
        if (!result.getErrors().isEmpty()) {
            answer.put(
                    "errors",
                    result.getErrors().stream().map(GitHubGraphQl::asGitHub).toList());
        }
        return answer;
    }

    private static Map<String, Object> asGitHub(GraphQLError error) {
        Map<String, Object> specified = new TreeMap<>(error.toSpecification());
        Map<?, ?> extensions = (Map<?, ?>) specified.remove("extensions");
        if (extensions != null && extensions.containsKey("type")) {
            specified.put("type", extensions.get("type"));
        }
        return specified;
    }

    private static DataFetcherResult<Map<String, Object>> fetch(DataFetchingEnvironment field) {
        String name = field.getArgument("owner") + "/" + field.getArgument("name");
        if (name.contains("/missing")) {
            return DataFetcherResult.<Map<String, Object>>newResult()
                    .error(GraphqlErrorBuilder.newError(field)
                            .message("Could not resolve to a Repository with the name '%s'.", name)
                            .extensions(Map.of("type", "NOT_FOUND"))
                            .build())
                    .build();
        }
        return DataFetcherResult.<Map<String, Object>>newResult()
                .data(repository(name))
                .build();
    }

    static Map<String, Object> repository(String name) {
        return Map.of(
                "nameWithOwner",
                name,
                "description",
                "All about " + name,
                "url",
                "https://github.com/" + name,
                "stargazerCount",
                name.length(),
                "isArchived",
                false);
    }
}
