package io.asyncbatcher.soak;

import io.asyncbatcher.AsyncBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** A thread that submits a few items to each of some batchers, one after the other, over and over. */
final class Submitter implements Runnable {

    static final int ITEMS = 4;

    private static final Duration NEVER_OVER = Duration.ofHours(1);

    private final SplittableRandom random;
    private List<Stopped> batchers = List.of();
    private volatile int asked;
    private volatile int begun;
    private volatile int done;
    private volatile boolean over;

    /** What was submitted in this turn, batcher by batcher, and what came back. Read by others when the turn is over. */
    final List<Probe> probes = new ArrayList<>();

    final List<CompletableFuture<Integer>> futures = new ArrayList<>();

    Submitter(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Begins a turn. The last one must be over. */
    void begin(List<Stopped> batchers) {
        this.batchers = batchers;
        begun = 0;
        asked = done + 1;
    }

    /** Whether the thread submits to the batcher of that index in this turn, or has done so. */
    boolean hasReached(int index) {
        return begun > index;
    }

    boolean isDone() {
        return done == asked;
    }

    void end() {
        over = true;
    }

    @Override
    public void run() {
        while (!over) {
            Spin.until(() -> !isDone() || over);
            if (!over) {
                submit();
            }
        }
    }

    private void submit() {
        probes.clear();
        futures.clear();
        for (int i = 0; i < batchers.size(); i++) {
            begun = i + 1;
            submit(batchers.get(i).batcher);
        }
        done = asked;
    }

    private void submit(AsyncBatcher<Probe, Integer> batcher) {
        for (int i = 0; i < ITEMS; i++) {
            Probe probe = new Probe(random.nextInt());
            int dice = random.nextInt(32);
            CompletableFuture<Integer> future = dice < 4 ? batcher.process(probe, NEVER_OVER) : batcher.process(probe);
            probes.add(probe);
            futures.add(future);
            if (dice % 16 == 0) {
                future.cancel(false);
            }
        }
    }
}
