import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Answers the publishing plugin as Maven Central's portal does, on this machine only: keeps the bundle that is uploaded, and
 * says that it is valid. So a rehearsal runs the whole way of a release, and nothing leaves the machine.
 *
 * <p>Arguments: where to write the bundle, and where to write this server's address once it listens.
 */
final class LocalCentral {

    private LocalCentral() {}

    public static void main(String[] args) throws IOException {
        Path bundle = Path.of(args[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/publisher/upload", exchange -> {
            Files.write(bundle, onlyPart(exchange.getRequestBody().readAllBytes()));
            answer(exchange, 201, "rehearsal");
        });
        server.createContext(
                "/api/v1/publisher/status",
                exchange -> answer(
                        exchange,
                        200,
                        "{\"deploymentId\":\"rehearsal\",\"deploymentName\":\"rehearsal\","
                                + "\"deploymentState\":\"VALIDATED\",\"purls\":[],\"errors\":{}}"));
        server.start();
        Files.writeString(Path.of(args[1]), "http://localhost:" + server.getAddress().getPort());
    }

    /** The content of the one part of a multipart body. */
    private static byte[] onlyPart(byte[] body) {
        // ISO-8859-1 maps each byte to one character, so positions in the text are those in the body.
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String boundary = text.substring(0, text.indexOf("\r\n"));
        int start = text.indexOf("\r\n\r\n") + 4;
        return Arrays.copyOfRange(body, start, text.indexOf("\r\n" + boundary, start));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
