package io.asyncbatcher.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.grpc.wire.Answer;
import io.asyncbatcher.grpc.wire.ClientFrame;
import io.asyncbatcher.grpc.wire.Failure;
import io.asyncbatcher.grpc.wire.Hello;
import io.asyncbatcher.grpc.wire.Item;
import io.asyncbatcher.grpc.wire.WorkerFrame;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that don't keep to the protocol: the worker stays bounded, says what is wrong, and serves the others. */
class HostileClientTests {

    private static final int WINDOW = 100;

    private final InProcess process = new InProcess();
    private final AsyncBatcher<String, String> batcher = process.batcher(options -> options);
    private Server server;
    private final GrpcWorker worker = process.worker(batcher, options -> options.window(WINDOW));

    @BeforeEach
    void serve() {
        server = process.serve(worker);
    }

    @AfterEach
    void nobodyElseIsTouched() {
        CompletableFuture<String> item = process.client(options -> options).process("a");
        process.time.advanceMillis(10);
        process.batches.runAll();
        assertThat(item).isCompletedWithValue("A");
        process.close();
    }

    @Test
    void anUnknownNameIsRefused() {
        RawClient client = new RawClient();
        client.send(hello().setBatcher("secrets"));

        assertThat(client.end.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(client.end.getDescription()).doesNotContain("prices");
    }

    @Test
    void itemsBeforeTheHelloAreRefused() {
        RawClient client = new RawClient();
        client.send(ClientFrame.newBuilder().addItems(item(1)).build());

        assertThat(client.end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void aSecondHelloEndsTheStreamAndWithdrawsItsItems() {
        RawClient client = new RawClient();
        client.send(hello());
        client.send(ClientFrame.newBuilder().addItems(item(1)).build());
        client.send(hello());

        assertThat(client.end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void anotherCodecIsRefusedWithBothNames() {
        RawClient client = new RawClient();
        client.send(hello().setItemCodec("json"));

        assertThat(client.end.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(client.end.getDescription()).contains("text").contains("json");
    }

    @Test
    void aClientThatSpeaksOnlyNewerVersionsIsRefusedWithBothRanges() {
        RawClient client = new RawClient();
        client.send(hello().setVersion(9).setOldestVersion(8));

        assertThat(client.end.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(client.end.getDescription()).contains("1 to 1").contains("8 to 9");
    }

    @Test
    void aNewerClientThatAlsoSpeaksThisVersionIsWelcomedInIt() {
        RawClient client = new RawClient();
        client.send(hello().setVersion(9).setOldestVersion(1));

        assertThat(client.frames.get(0).getWelcome().getVersion()).isEqualTo(1);
    }

    @Test
    void bytesThatAreNoFrameEndTheirStreamAlone() {
        RawClient client = new RawClient();
        client.send(hello());
        client.sendBytes(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 1, 2, 3});

        assertThat(client.end).isNotNull();
        assertThat(client.end.isOk()).isFalse();
    }

    @Test
    void aFrameThatIsTooBigEndsTheStream() {
        RawClient client = new RawClient();
        client.send(hello());
        client.send(ClientFrame.newBuilder()
                .addItems(item(1).setPayload(ByteString.copyFrom(new byte[Wire.MAX_FRAME_BYTES])))
                .build());

        assertThat(client.end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void aFloodIsHeldBackAtTheWindow() {
        RawClient client = new RawClient();
        client.send(hello());
        for (int frame = 0; frame < 100; frame++) {
            ClientFrame.Builder items = ClientFrame.newBuilder();
            for (int i = 0; i < 10; i++) {
                items.addItems(item(frame * 10 + i));
            }
            client.send(items.build());
        }

        assertThat(batcher.snapshot().queued() + batcher.snapshot().inFlight())
                .as("the window and less than a frame more")
                .isBetween(WINDOW, WINDOW + 10);
        assertThat(client.call.isReady()).isFalse();
    }

    @Test
    void aClientThatReadsNoAnswersIsHeldBackAtTheWindow() {
        RawClient client = new RawClient();
        client.send(hello()); // the one frame that it reads is the welcome
        client.reads = false;
        for (int i = 0; i < 1_000; i++) {
            client.send(ClientFrame.newBuilder().addItems(item(i)).build());
            process.time.advanceMillis(10);
            process.batches.runAll();
        }

        assertThat(process.ran.stream().mapToInt(List::size).sum()).isLessThanOrEqualTo(WINDOW + 1);
    }

    @Test
    void aClientThatDisconnectsGivesTheRoomOfItsItemsBack() {
        RawClient client = new RawClient();
        client.send(hello());
        client.send(ClientFrame.newBuilder().addItems(item(1)).addItems(item(2)).build());
        assertThat(batcher.snapshot().queued()).isEqualTo(2);

        client.call.cancel("gone", null);

        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(worker.streams()).isZero();
    }

    @Test
    void anItemThatCrossesTheWordThatTheWorkerGoesAwayIsGivenBack() {
        GrpcWorker leaving = process.worker(batcher, options -> options);
        server.shutdownNow();
        Server its = process.serve(leaving);
        RawClient client = new RawClient();
        client.send(hello());
        client.send(ClientFrame.newBuilder().addItems(item(1)).build());

        leaving.drain();
        client.send(ClientFrame.newBuilder().addItems(item(2)).build());

        assertThat(client.frames.get(1).getGoingAway()).isTrue();
        Answer answer = client.frames.get(2).getAnswers(0);
        assertThat(answer.getId()).isEqualTo(2);
        assertThat(answer.getFailure().getKind()).isEqualTo(Failure.Kind.NOT_ACCEPTED);
        assertThat(answer.getFailure().getMayHaveRun()).isFalse();
        client.call.halfClose();
        process.time.advanceMillis(10);
        process.batches.runAll();
        assertThat(client.frames.get(3).getAnswers(0).getResult().toStringUtf8())
                .isEqualTo("A");
        assertThat(client.end.isOk()).isTrue();
        its.shutdownNow();
        serve();
    }

    @Test
    void anItemThatComesAfterItsTimeIsNotSubmitted() {
        RawClient client = new RawClient();
        client.send(hello());
        client.send(
                ClientFrame.newBuilder().addItems(item(7).setRemainingMicros(0)).build());

        Answer answer = client.frames.get(1).getAnswers(0);
        assertThat(answer.getId()).isEqualTo(7);
        assertThat(answer.getFailure().getKind()).isEqualTo(Failure.Kind.EXPIRED);
        assertThat(answer.getFailure().getMayHaveRun()).isFalse();
    }

    @Test
    void numbersBeyondAnyMeaningAreTakenAsTheyAre() {
        RawClient client = new RawClient();
        client.send(hello());
        client.send(ClientFrame.newBuilder()
                .addItems(item(-1).setRemainingMicros(-1))
                .addWithdrawn(12345)
                .build());
        process.time.advanceMillis(10);
        process.batches.runAll();

        assertThat(client.frames.get(1).getAnswers(0).getResult().toStringUtf8())
                .isEqualTo("A");
    }

    private static Hello.Builder hello() {
        return Hello.newBuilder()
                .setVersion(1)
                .setOldestVersion(1)
                .setBatcher("prices")
                .setItemCodec("text")
                .setResultCodec("text");
    }

    private static Item.Builder item(int id) {
        return Item.newBuilder()
                .setId(id)
                .setPayload(ByteString.copyFromUtf8("a"))
                .setRemainingMicros(30_000_000);
    }

    /** A stream whose frames are made by hand. */
    private final class RawClient extends ClientCall.Listener<WorkerFrame> {

        private final List<WorkerFrame> frames = new ArrayList<>();
        private final ClientCall<byte[], WorkerFrame> call = process.channel()
                .newCall(
                        Wire.METHOD.toBuilder(new Bytes(), Wire.METHOD.getResponseMarshaller())
                                .build(),
                        CallOptions.DEFAULT);
        private boolean reads = true;
        private @Nullable Status end;

        RawClient() {
            call.start(this, new Metadata());
            call.request(1);
        }

        void send(Hello.Builder hello) {
            send(ClientFrame.newBuilder().setHello(hello).build());
        }

        void send(ClientFrame frame) {
            sendBytes(frame.toByteArray());
        }

        void sendBytes(byte[] bytes) {
            if (end == null) {
                call.sendMessage(bytes);
            }
        }

        @Override
        public void onMessage(WorkerFrame frame) {
            frames.add(frame);
            if (reads) {
                call.request(1);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end = status;
        }
    }

    private record Bytes() implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException();
        }
    }
}
