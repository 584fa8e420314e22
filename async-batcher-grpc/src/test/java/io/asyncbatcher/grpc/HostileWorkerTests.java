package io.asyncbatcher.grpc;

import static io.asyncbatcher.grpc.GrpcBatcherTests.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.ItemTooHeavyException;
import io.asyncbatcher.QueueFullException;
import io.asyncbatcher.grpc.wire.Answer;
import io.asyncbatcher.grpc.wire.ClientFrame;
import io.asyncbatcher.grpc.wire.Failure;
import io.asyncbatcher.grpc.wire.Item;
import io.asyncbatcher.grpc.wire.Welcome;
import io.asyncbatcher.grpc.wire.WorkerFrame;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers that don't keep to the protocol: every future is settled in bounded time, with nobody else's result. */
class HostileWorkerTests {

    private final InProcess process = new InProcess();
    private final ScriptedWorker worker = new ScriptedWorker();
    private Server server;

    @BeforeEach
    void serve() throws IOException {
        server = InProcessServerBuilder.forName(process.address())
                .directExecutor()
                .addService(worker)
                .build()
                .start();
    }

    @AfterEach
    void close() {
        process.close();
        server.shutdownNow();
    }

    @Test
    void aWorkerThatNeverWelcomesIsLeftAfterFiveSeconds() {
        GrpcBatcher<String, String> client = process.client(options -> options);
        CompletableFuture<String> item = client.process("a");
        process.time.advance(Duration.ofSeconds(6));
        assertThat(worker.streams).isEqualTo(2);

        process.time.advance(Duration.ofSeconds(24));

        assertThat(failure(item, ItemExpiredException.class).mayHaveRun()).isFalse();
        assertThat(worker.items).isEmpty();
    }

    @Test
    void aWorkerThatTakesItemsAndNeverAnswersHoldsNobodyForEver() {
        worker.welcomes = welcome();
        CompletableFuture<String> item = process.client(options -> options).process("a");
        assertThat(worker.items).hasSize(1);

        process.time.advance(Duration.ofSeconds(30));

        assertThat(failure(item, ItemExpiredException.class).mayHaveRun()).isTrue();
        assertThat(worker.withdrawn).hasSize(1);
    }

    @Test
    void aWorkerThatReadsNothingFillsTheQueueUpToItsLimit() {
        worker.welcomes = welcome();
        worker.reads = false;
        GrpcBatcher<String, String> client =
                process.client(options -> options.options(options.options().withMaxQueueSize(10)));
        List<CompletableFuture<String>> items = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            items.add(client.process("a" + i));
        }

        assertThat(items.stream()
                        .filter(CompletableFuture::isCompletedExceptionally)
                        .count())
                .isGreaterThan(80);
        failure(items.get(99), QueueFullException.class);
        process.time.advance(Duration.ofSeconds(30));
        assertThat(items).allSatisfy(item -> assertThat(item).isDone());
    }

    @Test
    void noMoreThanTheWindowIsSent() {
        worker.welcomes = welcome().setWindow(3);
        GrpcBatcher<String, String> client = process.client(options -> options);
        for (int i = 0; i < 10; i++) {
            client.process("a" + i);
        }
        assertThat(worker.items).hasSize(3);

        worker.answer(worker.items.get(0).getId(), "A0");

        assertThat(worker.items).hasSize(4);
    }

    @Test
    void anAnswerToAnItemThatWasNeverSentIsIgnored() {
        worker.welcomes = welcome();
        CompletableFuture<String> item = process.client(options -> options).process("a");

        worker.answer(999, "somebody else's");
        worker.answer(worker.items.get(0).getId(), "A");
        worker.answer(worker.items.get(0).getId(), "again");

        assertThat(item).isCompletedWithValue("A");
    }

    @Test
    void aResultThatCantBeReadFailsItsItemAlone() {
        worker.welcomes = welcome();
        GrpcBatcher<String, String> client = process.client(options -> options);
        CompletableFuture<String> bad = client.process("a");
        CompletableFuture<String> good = client.process("b");

        worker.answer(worker.items.get(0).getId(), "unreadable");
        worker.answer(worker.items.get(1).getId(), "B");

        failure(bad, IllegalArgumentException.class);
        assertThat(good).isCompletedWithValue("B");
    }

    @Test
    void bytesThatAreNoFrameCostTheStreamAndItsItems() {
        worker.welcomes = welcome();
        CompletableFuture<String> item = process.client(options -> options).process("a");

        worker.send(new byte[] {(byte) 0xff, (byte) 0xff, 1, 2, 3});

        assertThat(failure(item, BatchAbortedException.class).mayHaveRun()).isTrue();
    }

    @Test
    void aStreamThatTheWorkerEndsWellWithoutAnAnswerIsALostOne() {
        worker.welcomes = welcome();
        CompletableFuture<String> item = process.client(options -> options).process("a");

        worker.call.close(Status.OK, new Metadata());

        assertThat(failure(item, BatchAbortedException.class).mayHaveRun()).isTrue();
    }

    @Test
    void aRefusalFailsTheItemsThatWaitAndTheNextTryMaySucceed() {
        worker.refuses = Status.NOT_FOUND.withDescription("No batcher of that name is exposed here");
        GrpcBatcher<String, String> client = process.client(options -> options);
        CompletableFuture<String> refused = client.process("a");

        BatchAbortedException failure = failure(refused, BatchAbortedException.class);
        assertThat(failure.mayHaveRun()).isFalse();
        assertThat(failure).hasMessageContaining("No batcher of that name is exposed here");

        worker.refuses = null;
        worker.welcomes = welcome();
        CompletableFuture<String> next = client.process("b");
        process.time.advance(Duration.ofSeconds(2));
        worker.answer(worker.items.get(0).getId(), "B");
        assertThat(next).isCompletedWithValue("B");
    }

    @Test
    void aWorkerThatRestartsWithAnotherVersionRefusesInWordsAndLosesNoQueuedItemToSilence() {
        worker.welcomes = welcome();
        GrpcBatcher<String, String> client = process.client(options -> options);
        client.process("a");
        worker.refuses = Status.FAILED_PRECONDITION.withDescription("This worker speaks the versions 2 to 3");
        worker.call.close(Status.UNAVAILABLE, new Metadata());

        CompletableFuture<String> next = client.process("b");
        process.time.advance(Duration.ofSeconds(2));

        assertThat(failure(next, BatchAbortedException.class)).hasMessageContaining("2 to 3");
    }

    @Test
    void aKindOfFailureThatThisClientDoesntKnowIsTheProcessors() {
        worker.welcomes = welcome();
        CompletableFuture<String> item = process.client(options -> options).process("a");

        worker.answer(Answer.newBuilder()
                .setId(worker.items.get(0).getId())
                .setFailure(Failure.newBuilder()
                        .setKindValue(99)
                        .setMayHaveRun(true)
                        .setClassName("Newer")));

        assertThat(failure(item, RemoteBatchException.class).remoteClassName()).isEqualTo("Newer");
    }

    @Test
    void theWorkersLimitOfAFrameHolds() {
        worker.welcomes = welcome().setMaxFrameBytes(Wire.FRAME_BYTES + 300);
        GrpcBatcher<String, String> client = process.client(options -> options);

        CompletableFuture<String> big = client.process("a".repeat(1_000));
        client.processAll(List.of("b".repeat(100), "c".repeat(100), "d".repeat(100)));

        assertThat(failure(big, ItemTooHeavyException.class).mayHaveRun()).isFalse();
        assertThat(worker.items).hasSize(3);
        assertThat(worker.largestFrame).isLessThanOrEqualTo(Wire.FRAME_BYTES + 300);
    }

    @Test
    void anItemThatTheWorkerGivesBackIsSentAgain() {
        worker.welcomes = welcome();
        CompletableFuture<String> item = process.client(options -> options).process("a");

        worker.send(WorkerFrame.newBuilder().setGoingAway(true).build().toByteArray());
        worker.answer(Answer.newBuilder()
                .setId(worker.items.get(0).getId())
                .setFailure(Failure.newBuilder().setKind(Failure.Kind.NOT_ACCEPTED)));
        assertThat(worker.streams).isEqualTo(2);
        worker.answer(worker.items.get(1).getId(), "A");

        assertThat(item).isCompletedWithValue("A");
    }

    @Test
    void anItemThatWasLostAndThenGivenBackMayHaveRun() {
        worker.welcomes = welcome();
        CompletableFuture<String> item =
                process.client(options -> options.idempotent(true)).process("a", Duration.ofSeconds(5));
        worker.call.close(Status.UNAVAILABLE, new Metadata());
        process.time.advance(Duration.ofSeconds(1));
        assertThat(worker.items).hasSize(2);

        worker.welcomes = null; // no other takes it
        worker.send(WorkerFrame.newBuilder().setGoingAway(true).build().toByteArray());
        worker.answer(Answer.newBuilder()
                .setId(worker.items.get(1).getId())
                .setFailure(Failure.newBuilder().setKind(Failure.Kind.NOT_ACCEPTED)));
        process.time.advance(Duration.ofSeconds(4));

        assertThat(failure(item, ItemExpiredException.class).mayHaveRun()).isTrue();
    }

    @Test
    void anItemThatIsAnsweredBeforeTheNextFrameMayBeWrittenIsToldOfAsASuccess() {
        worker.welcomes = welcome();
        List<ItemOutcome> ends = new ArrayList<>();
        GrpcBatcher<String, String> client = process.client(options -> options.listener(new BatcherListener() {
            @Override
            public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
                ends.add(outcome);
            }
        }));
        client.connect();
        worker.reads = false; // but for the one frame that it has asked for
        CompletableFuture<String> item = client.process("a");
        worker.answer(worker.items.get(0).getId(), "A");
        assertThat(item).isCompletedWithValue("A");

        worker.call.request(1);

        assertThat(ends).containsExactly(ItemOutcome.SUCCESS);
    }

    @Test
    void itemsThatAreGivenBackOneByOneKeepTheirOrder() {
        worker.welcomes = welcome();
        GrpcBatcher<String, String> client = process.client(options -> options.partitionBy(item -> "key"));
        List.of("a", "b", "c").forEach(client::process);
        worker.send(WorkerFrame.newBuilder().setGoingAway(true).build().toByteArray());

        for (Item item : List.copyOf(worker.items)) {
            worker.answer(Answer.newBuilder()
                    .setId(item.getId())
                    .setFailure(Failure.newBuilder().setKind(Failure.Kind.NOT_ACCEPTED)));
        }
        worker.call.close(Status.OK, new Metadata());

        assertThat(worker.items)
                .extracting(item -> item.getPayload().toStringUtf8())
                .containsExactly("a", "b", "c", "a", "b", "c");
    }

    private static Welcome.Builder welcome() {
        return Welcome.newBuilder()
                .setVersion(1)
                .setWorker("scripted")
                .setWindow(1_000)
                .setMaxFrameBytes(Wire.MAX_FRAME_BYTES);
    }

    /** A worker that does what the test says. */
    private static final class ScriptedWorker implements BindableService {

        private final List<Item> items = new ArrayList<>();
        private final List<Long> withdrawn = new ArrayList<>();
        private Welcome.Builder welcomes;
        private Status refuses;
        private boolean reads = true;
        private int streams;
        private int largestFrame;
        private ServerCall<ClientFrame, byte[]> call;

        @Override
        public ServerServiceDefinition bindService() {
            return ServerServiceDefinition.builder(Wire.SERVICE)
                    .addMethod(
                            Wire.METHOD.toBuilder(Wire.METHOD.getRequestMarshaller(), new Bytes())
                                    .build(),
                            (opened, headers) -> {
                                streams++;
                                call = opened;
                                opened.sendHeaders(new Metadata());
                                opened.request(1);
                                return new Listener();
                            })
                    .build();
        }

        void answer(long id, String result) {
            answer(Answer.newBuilder().setId(id).setResult(ByteString.copyFromUtf8(result)));
        }

        void answer(Answer.Builder answer) {
            send(WorkerFrame.newBuilder().addAnswers(answer).build().toByteArray());
        }

        void send(byte[] frame) {
            call.sendMessage(frame);
        }

        private final class Listener extends ServerCall.Listener<ClientFrame> {

            @Override
            public void onMessage(ClientFrame frame) {
                largestFrame = Math.max(largestFrame, frame.getSerializedSize());
                if (frame.hasHello() && refuses != null) {
                    call.close(refuses, new Metadata());
                    return;
                }
                if (frame.hasHello() && welcomes != null) {
                    send(WorkerFrame.newBuilder().setWelcome(welcomes).build().toByteArray());
                }
                items.addAll(frame.getItemsList());
                withdrawn.addAll(frame.getWithdrawnList());
                if (reads) {
                    call.request(1);
                }
            }
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
