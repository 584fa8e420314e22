package io.asyncbatcher.sample.rabbitmq;

import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What lies between the application and its broker, and can be cut or held up: the broker keeps what it has. */
final class AmqpRelay implements AutoCloseable {

    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private final int target;
    private volatile ServerSocket door;
    private volatile CompletableFuture<Void> answers = CompletableFuture.completedFuture(null);

    private AmqpRelay(int target, ServerSocket door) {
        this.target = target;
        this.door = door;
    }

    static AmqpRelay to(int target) throws IOException {
        AmqpRelay relay = new AmqpRelay(target, new ServerSocket());
        relay.open(0);
        return relay;
    }

    int port() {
        return door.getLocalPort();
    }

    /** Keeps back what the broker sends from now on. */
    void holdAnswers() {
        answers = new CompletableFuture<>();
    }

    void passAnswers() {
        answers.complete(null);
    }

    /** Ends all connections and rejects new ones. */
    void cut() throws IOException {
        door.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** While it was cut, the system may have given the port to a client's connection, which ends soon. */
    void mend() {
        int port = port();
        await().atMost(Duration.ofSeconds(30))
                .ignoreException(BindException.class)
                .until(() -> {
                    open(port);
                    return true;
                });
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private void open(int port) throws IOException {
        ServerSocket current = new ServerSocket();
        current.setReuseAddress(true);
        current.bind(new InetSocketAddress(loopback, port));
        door = current;
        start(() -> accept(current));
    }

    private void accept(ServerSocket current) throws IOException {
        while (true) {
            Socket client = current.accept();
            Socket server = new Socket(loopback, target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(server);
            start(() -> relay(client, server, InputStream::transferTo));
            start(() -> relay(
                    server,
                    client,
                    (from, to) -> new QpidAsRabbitMq(new DataInputStream(from), to).relay(() -> answers.join())));
        }
    }

    private void relay(Socket from, Socket to, Direction direction) throws IOException {
        try (from;
                to) {
            direction.relay(from.getInputStream(), to.getOutputStream());
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // Cut, or one side has ended.
                    }
                },
                "AMQP relay");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Task {
        void run() throws IOException;
    }

    private interface Direction {
        void relay(InputStream from, OutputStream to) throws IOException;
    }
}
