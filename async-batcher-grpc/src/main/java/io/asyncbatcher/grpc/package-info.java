/**
 * One batcher for many instances of an application: {@link io.asyncbatcher.grpc.GrpcBatcher} hands items to a batcher in
 * another process, {@link io.asyncbatcher.grpc.GrpcWorker} offers batchers to such clients.
 *
 * <p>Start at {@code GrpcBatcher}. The files follow the way of an item: {@code RemoteCall} is the caller's future, {@code
 * Lane} queues it, {@code Session} writes it to a stream, {@code WorkerStream} hands it to the worker's batcher and writes the
 * answer, {@code Failures} carries what went wrong.
 */
@NullMarked
package io.asyncbatcher.grpc;

import org.jspecify.annotations.NullMarked;
