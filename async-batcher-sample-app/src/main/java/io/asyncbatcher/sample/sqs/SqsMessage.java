package io.asyncbatcher.sample.sqs;

/**
 * A message on its way: the item of the batchers.
 *
 * @param queue the queue's name
 * @param content what is sent
 */
record SqsMessage(String queue, NewSqsMessage content) {

    /** Whether the queue is a FIFO queue, which SQS tells by its name. */
    boolean isInOrder() {
        return queue.endsWith(".fifo");
    }
}
