package io.asyncbatcher.sample.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Plays the one thing that DynamoDB Local never does: to process only a part of a BatchWriteItem. Every second put is
 * taken out of the request, so that it is really not written, and put into the answer's unprocessed ones. The SDK finds
 * this class by a file in the test's resources, so that the application needs no place to put it in.
 */
public final class UnprocessedPutsInterceptor implements ExecutionInterceptor {

    private static final ExecutionAttribute<List<WriteRequest>> LEFT_OUT = new ExecutionAttribute<>("LeftOut");
    private static final AtomicInteger calls = new AtomicInteger();

    /** Lets so many calls process only half of their puts. */
    static void forCalls(int number) {
        calls.set(number);
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        if (!(context.request() instanceof BatchWriteItemRequest request)
                || calls.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            return context.request();
        }
        List<WriteRequest> puts = request.requestItems().get(Document.TABLE);
        List<WriteRequest> processed = new ArrayList<>();
        List<WriteRequest> leftOut = new ArrayList<>();
        for (int i = 0; i < puts.size(); i++) {
            (i % 2 == 0 ? processed : leftOut).add(puts.get(i));
        }
        attributes.putAttribute(LEFT_OUT, leftOut);
        return request.toBuilder()
                .requestItems(Map.of(Document.TABLE, processed))
                .build();
    }

    @Override
    public SdkResponse modifyResponse(Context.ModifyResponse context, ExecutionAttributes attributes) {
        List<WriteRequest> leftOut = attributes.getAttribute(LEFT_OUT);
        if (leftOut == null || leftOut.isEmpty() || !(context.response() instanceof BatchWriteItemResponse response)) {
            return context.response();
        }
        return response.toBuilder()
                .unprocessedItems(Map.of(Document.TABLE, leftOut))
                .build();
    }
}
