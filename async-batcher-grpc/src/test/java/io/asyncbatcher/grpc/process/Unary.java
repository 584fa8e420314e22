package io.asyncbatcher.grpc.process;

import io.asyncbatcher.AsyncBatcher;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** What one would write without the module: one unary call of gRPC for each item. */
final class Unary {

    private static final MethodDescriptor.Marshaller<String> TEXT = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private static final MethodDescriptor<String, String> METHOD = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("test.Unary/Process")
            .setRequestMarshaller(TEXT)
            .setResponseMarshaller(TEXT)
            .build();

    private Unary() {}

    static ServerServiceDefinition service(AsyncBatcher<String, String> batcher) {
        return ServerServiceDefinition.builder("test.Unary")
                .addMethod(METHOD, (call, headers) -> {
                    call.request(2);
                    return new ServerCall.Listener<String>() {
                        @Override
                        public void onMessage(String item) {
                            batcher.process(item).whenComplete((result, failure) -> {
                                if (failure == null) {
                                    call.sendHeaders(new Metadata());
                                    call.sendMessage(result);
                                }
                                call.close(failure == null ? Status.OK : Status.INTERNAL, new Metadata());
                            });
                        }
                    };
                })
                .build();
    }

    static CompletableFuture<String> call(Channel channel, String item) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        ClientCall<String, String> call = channel.newCall(METHOD, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<String>() {
                    private String result;

                    @Override
                    public void onMessage(String message) {
                        result = message;
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        if (status.isOk()) {
                            answer.complete(result);
                        } else {
                            answer.completeExceptionally(status.asRuntimeException());
                        }
                    }
                },
                new Metadata());
        call.request(2);
        call.sendMessage(item);
        call.halfClose();
        return answer;
    }
}
