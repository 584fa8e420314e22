package io.asyncbatcher.sample.rabbitmq;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a broker sends, as RabbitMQ would send it. Of a message that it can't route, RabbitMQ first sends back the message
 * and then the confirm: it was dealt with. Of one that a full queue rejects it sends a nack, and nothing back. Qpid sends
 * a nack in both cases, and the message later.
 */
final class QpidAsRabbitMq {

    private static final int METHOD = 1;
    private static final int BASIC_RETURN = 60 << 16 | 50;
    private static final int BASIC_ACK = 60 << 16 | 80;
    private static final int BASIC_NACK = 60 << 16 | 120;
    private static final int NO_ROUTE = 312;

    private final Map<Short, Deque<Frame>> nacks = new HashMap<>();
    private final DataInputStream from;
    private final OutputStream to;

    QpidAsRabbitMq(DataInputStream from, OutputStream to) {
        this.from = from;
        this.to = to;
    }

    /** Relays until one side ends, and waits before each frame as long as it is told to. */
    void relay(Runnable wait) throws IOException {
        while (true) {
            Frame frame = read();
            wait.run();
            switch (frame.method()) {
                case BASIC_NACK ->
                    nacks.computeIfAbsent(frame.channel, channel -> new ArrayDeque<>())
                            .add(frame);
                case BASIC_RETURN -> relayReturn(frame);
                default -> write(frame);
            }
            to.flush();
        }
    }

    private void relayReturn(Frame method) throws IOException {
        Frame header = read();
        List<Frame> message = new ArrayList<>(List.of(method, header));
        for (long left = header.buffer().getLong(4); left > 0; ) {
            Frame body = read();
            left -= body.payload.length;
            message.add(body);
        }
        Frame nack = nacks.get(method.channel).remove();
        if (method.buffer().getShort(4) == NO_ROUTE) {
            for (Frame frame : message) {
                write(frame);
            }
            write(nack.asAck());
        } else {
            write(nack);
        }
    }

    private Frame read() throws IOException {
        int type = from.read();
        if (type < 0) {
            throw new EOFException();
        }
        short channel = from.readShort();
        byte[] payload = new byte[from.readInt()];
        from.readFully(payload);
        from.readByte();
        return new Frame((byte) type, channel, payload);
    }

    private void write(Frame frame) throws IOException {
        to.write(ByteBuffer.allocate(8 + frame.payload.length)
                .put(frame.type)
                .putShort(frame.channel)
                .putInt(frame.payload.length)
                .put(frame.payload)
                .put((byte) 0xCE)
                .array());
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Frame(byte type, short channel, byte[] payload) {

        ByteBuffer buffer() {
            return ByteBuffer.wrap(payload);
        }

        int method() {
            return type == METHOD ? buffer().getInt(0) : 0;
        }

        Frame asAck() {
            byte[] ack = ByteBuffer.allocate(13)
                    .putInt(BASIC_ACK)
                    .putLong(buffer().getLong(4))
                    .array();
            return new Frame(type, channel, ack);
        }
    }
}
