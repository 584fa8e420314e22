package io.asyncbatcher.sample;

import io.asyncbatcher.sample.SampleClient.Answer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** Requests that go on, forty at once, until they are ended: what a system is stopped under. */
public final class OngoingLoad {

    private static final int AT_ONCE = 40;

    /** The answers of requests that were taken, by the number of the request. */
    public final Map<Integer, Answer> taken = new ConcurrentHashMap<>();

    /** The other answers: status and body. */
    public final Set<String> rejected = ConcurrentHashMap.newKeySet();

    private final Thread thread;

    private OngoingLoad(IntFunction<CompletableFuture<Answer>> request) {
        this.thread = new Thread(() -> run(request), "load");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts to send requests, numbered from 0. */
    public static OngoingLoad start(IntFunction<CompletableFuture<Answer>> request) {
        return new OngoingLoad(request);
    }

    /** Sends no more, and waits for the last answers. */
    public void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    private void run(IntFunction<CompletableFuture<Answer>> request) {
        for (int first = 0; !Thread.currentThread().isInterrupted(); first += AT_ONCE) {
            int from = first;
            List<Answer> answers = SampleClient.all(AT_ONCE, i -> request.apply(from + i));
            for (int i = 0; i < AT_ONCE; i++) {
                Answer answer = answers.get(i);
                if (answer.status() < 300) {
                    taken.put(from + i, answer);
                } else {
                    rejected.add(answer.status() + " " + answer.body());
                }
            }
        }
    }
}
