package io.asyncbatcher.benchmarks.experiment;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Kept-alive connections to the application, and the one thread that serves them all; everything here happens on it. A
 * request takes a connection that is free, or waits for one: an answer's, or a new one as long as there are fewer than
 * {@value #MOST}.
 */
// A connection whose write fails ends, and tells its handler.
@SuppressWarnings("FutureReturnValueIgnored")
final class ConnectionPool implements AutoCloseable {

    /** More requests at once wait on this side, and their latency counts all the same. */
    static final int MOST = 1_024;

    /** Tomcat lets 100 connections wait to be accepted; the kernel would let others try again after a second. */
    private static final int MOST_CONNECTING = 32;

    /** What becomes of a request. */
    interface Answer {

        /** Called once, with the status, or {@link #NONE} if the connection ended before. */
        void answered(int status);
    }

    static final int NONE = 0;

    private record Waiting(ByteBuf request, Answer answer) {}

    private final MultiThreadIoEventLoopGroup threads =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("load", true), NioIoHandler.newFactory());
    private final InetSocketAddress server;
    private final Bootstrap bootstrap;
    private final Set<Channel> open = new HashSet<>();
    private final Deque<Channel> free = new ArrayDeque<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int connecting;

    ConnectionPool(int port) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        bootstrap = new Bootstrap()
                .group(threads)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new HttpResponseDecoder(), new Connection());
                    }
                });
    }

    EventExecutor thread() {
        return threads.next();
    }

    /** A whole request, ready to be sent any number of times; the body is ASCII. */
    ByteBuf post(String path, String body) {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost:" + server.getPort()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(head + body, StandardCharsets.US_ASCII));
    }

    void send(ByteBuf request, Answer answer) {
        Channel channel = free.pollLast();
        if (channel != null) {
            write(channel, new Waiting(request, answer));
        } else {
            waiting.add(new Waiting(request, answer));
            connect();
        }
    }

    /** Forgets all requests, and ends all connections. Nobody is answered any more. */
    void reset() {
        List<Channel> channels = List.copyOf(open);
        waiting.clear();
        free.clear();
        open.clear();
        channels.forEach(Channel::close);
    }

    @Override
    public void close() {
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void connect() {
        if (connecting >= Math.min(MOST_CONNECTING, waiting.size()) || open.size() + connecting >= MOST) {
            return;
        }
        connecting++;
        bootstrap.connect(server).addListener((ChannelFutureListener) done -> {
            connecting--;
            if (done.isSuccess()) {
                open.add(done.channel());
                becameFree(done.channel());
            } else {
                Waiting next = waiting.poll();
                if (next != null) {
                    next.answer().answered(NONE);
                }
            }
            connect();
        });
    }

    private void becameFree(Channel channel) {
        Waiting next = waiting.poll();
        if (next != null) {
            write(channel, next);
        } else {
            free.addLast(channel);
        }
    }

    private static void write(Channel channel, Waiting request) {
        channel.pipeline().get(Connection.class).answer = request.answer();
        channel.writeAndFlush(request.request().duplicate(), channel.voidPromise());
    }

    /** One connection: at most one request at a time. */
    private final class Connection extends SimpleChannelInboundHandler<HttpObject> {

        private @Nullable Answer answer;
        private int status;
        private boolean keptAlive;

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpResponse response) {
                status = part.decoderResult().isSuccess() ? response.status().code() : NONE;
                keptAlive = HttpUtil.isKeepAlive(response);
            }
            if (part instanceof LastHttpContent) {
                Answer ended = take();
                if (keptAlive) {
                    becameFree(context.channel());
                } else {
                    // Tomcat ends a connection after its hundredth answer.
                    open.remove(context.channel());
                    context.close();
                    connect();
                }
                tell(ended, status);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (open.remove(context.channel())) {
                free.remove(context.channel());
                tell(take(), NONE);
                connect();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }

        private @Nullable Answer take() {
            Answer taken = answer;
            answer = null;
            return taken;
        }

        private static void tell(@Nullable Answer ended, int status) {
            if (ended != null) {
                ended.answered(status);
            }
        }
    }
}
