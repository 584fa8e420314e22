/**
 * One batcher for many instances of an application. {@link io.asyncbatcher.grpc.GrpcBatcher} submits items to a batcher in
 * another process. {@link io.asyncbatcher.grpc.GrpcWorker} exposes batchers to such clients.
 *
 * <p>Start with {@code GrpcBatcher}. The classes in the order in which an item meets them: {@code RemoteCall} is the future of
 * the caller, {@code Lane} queues the item, {@code Session} writes it to a stream, {@code WorkerStream} submits it to the batcher
 * of the worker and writes the answer, {@code Failures} encodes failures.
 */
@NullMarked
package io.asyncbatcher.grpc;

import org.jspecify.annotations.NullMarked;
