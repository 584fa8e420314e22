package io.asyncbatcher.sample.dynamodb;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * Amazon's DynamoDB Local, in memory, on the loopback interface (its own server would listen on all of them). It counts
 * requests by operation, and can be made to have no throughput, or not to listen for a while.
 */
final class LocalDynamoDb {

    private final Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final LocalDynamoDBServerHandler dynamoDb;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger withoutThroughput = new AtomicInteger();

    private LocalDynamoDb() throws Exception {
        dynamoDb = new LocalDynamoDBServerHandler(new LocalDynamoDBRequestHandler(0, true, null, true, false), null);
        server.setHandler(new Gate(dynamoDb));
        listen();
        // When it listens again, then on the same port.
        connector().setPort(connector().getLocalPort());
    }

    static LocalDynamoDb start() throws Exception {
        LocalDynamoDb started = new LocalDynamoDb();
        try (DynamoDbClient client = DynamoDbClient.builder()
                .endpointOverride(URI.create(started.endpoint()))
                .region(Region.EU_CENTRAL_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build()) {
            client.createTable(table -> table.tableName(Document.TABLE)
                    .attributeDefinitions(AttributeDefinition.builder()
                            .attributeName("key")
                            .attributeType(ScalarAttributeType.S)
                            .build())
                    .keySchema(KeySchemaElement.builder()
                            .attributeName("key")
                            .keyType(KeyType.HASH)
                            .build())
                    .billingMode(BillingMode.PAY_PER_REQUEST));
        }
        return started;
    }

    String endpoint() {
        return "http://localhost:" + connector().getLocalPort();
    }

    void forgetRequests() {
        requests.clear();
    }

    /** How many requests of an operation have come. */
    long requests(String operation) {
        return requests.stream().filter(operation::equals).count();
    }

    /** Turns so many requests away, as DynamoDB does with a table whose throughput is used up. */
    void useUpThroughput(int forRequests) {
        withoutThroughput.set(forRequests);
    }

    void stopListening() throws Exception {
        server.stop();
    }

    void listen() throws Exception {
        server.start();
    }

    void end() throws Exception {
        server.stop();
        dynamoDb.close();
    }

    private ServerConnector connector() {
        return (ServerConnector) server.getConnectors()[0];
    }

    private final class Gate extends Handler.Wrapper {

        private Gate(Handler handler) {
            super(handler);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            requests.add(request.getHeaders().get("X-Amz-Target").replaceFirst(".*\\.", ""));
            if (withoutThroughput.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                return super.handle(request, response, callback);
            }
            response.setStatus(400);
            response.getHeaders().put("Content-Type", "application/x-amz-json-1.0");
            Content.Sink.write(
                    response,
                    true,
                    "{\"__type\": \"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\"}",
                    callback);
            return true;
        }
    }
}
