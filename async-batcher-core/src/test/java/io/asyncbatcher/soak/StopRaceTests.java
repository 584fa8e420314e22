package io.asyncbatcher.soak;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherStoppedException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Submitting threads meet a stop, over and over. A turn has one race for each of some batchers: the submitting threads go
 * from batcher to batcher, and this thread follows them and stops each. Threads spin between turns instead of being woken,
 * so a race takes microseconds. {@code -Dsoak.stops} says how many races there are.
 */
@Timeout(10_000)
class StopRaceTests {

    private static final int RACES = Integer.getInteger("soak.stops", 10_000);
    private static final int BATCHERS = 50;
    private static final int TURNS_OF_A_BATCHER = 50;
    private static final int LONGEST_DELAY = 40;

    private final SplittableRandom random = new SplittableRandom(1);
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Submitter> submitters = new ArrayList<>();
    private final List<Stop> stops = new ArrayList<>();
    private final List<CompletableFuture<Void>> ends = new ArrayList<>();

    private long succeeded;
    private long refused;
    private long aborted;
    private long cancelled;
    private long mixed;

    /** Items that were settled, but after the end of their stop. */
    private final List<String> late = new ArrayList<>();

    @AfterEach
    void endThreads() {
        submitters.forEach(Submitter::end);
        threads.shutdownNow();
        pool.shutdownNow();
    }

    /** Two submitting threads are quick; of eight, most are kept from running in the middle of a submission. */
    @ParameterizedTest
    @CsvSource({"2, 90", "8, 10"})
    @DisplayName("Promise 1: whenever stop comes, each item is refused, aborted or run exactly once, and stop ends")
    void eachItemEndsExactlyOnce(int submitterCount, int percentOfRaces) throws Exception {
        long begin = System.nanoTime();
        IntStream.range(0, submitterCount).mapToObj(Submitter::new).forEach(submitters::add);
        submitters.forEach(threads::execute);
        int turns = RACES / 100 * percentOfRaces / BATCHERS;
        List<Stopped> batchers = List.of();
        for (int turn = 0; turn < turns; turn++) {
            if (turn % TURNS_OF_A_BATCHER == 0) {
                long seed = (long) turn / TURNS_OF_A_BATCHER * BATCHERS;
                batchers = LongStream.range(seed, seed + BATCHERS)
                        .mapToObj(each -> new Stopped(each, pool))
                        .toList();
            } else {
                batchers.forEach(each -> each.batcher.start());
            }
            race(batchers);
            for (int i = 0; i < BATCHERS; i++) {
                check(batchers.get(i), i, turn);
            }
        }
        System.out.printf(
                "%,d stop races of %d submitters in %d s, %,d of them with accepted and refused items:"
                        + " %,d items succeeded, %,d refused, %,d aborted, %,d cancelled, %,d late%n",
                turns * BATCHERS,
                submitterCount,
                (System.nanoTime() - begin) / 1_000_000_000,
                mixed,
                succeeded,
                refused,
                aborted,
                cancelled,
                late.size());
        assertThat(late).as("settled after the end of the stop").isEmpty();
    }

    private void race(List<Stopped> batchers) throws Exception {
        stops.clear();
        ends.clear();
        submitters.forEach(submitter -> submitter.begin(batchers));
        for (int i = 0; i < BATCHERS; i++) {
            int index = i;
            Submitter followed = submitters.get(random.nextInt(submitters.size()));
            Stop stop = Stop.any(random);
            Spin.until(() -> followed.hasReached(index));
            Spin.times(random.nextInt(LONGEST_DELAY));
            stops.add(stop);
            ends.add(stop.of(batchers.get(i).batcher, random));
        }
        submitters.forEach(submitter -> Spin.until(submitter::isDone));
        Thread.interrupted(); // a forced stop may have interrupted a processor that ran on this thread
    }

    private void check(Stopped stopped, int index, int turn) throws Exception {
        Stop stop = stops.get(index);
        int items = submitters.size() * Submitter.ITEMS;
        long refusedBefore = refused;
        try {
            ends.get(index).get(20, SECONDS);
            for (Submitter submitter : submitters) {
                for (int i = index * Submitter.ITEMS; i < (index + 1) * Submitter.ITEMS; i++) {
                    CompletableFuture<Integer> future = submitter.futures.get(i);
                    if (!future.isDone()) {
                        Spin.until(future::isDone);
                        late.add(stop + ", " + stopped);
                    }
                    expectNothing(broken(future, submitter.probes.get(i), stop));
                }
            }
            expectNothing(stopped.broken((turn % TURNS_OF_A_BATCHER + 1L) * items));
        } catch (Throwable failure) {
            throw new AssertionError("turn " + turn + ", " + stop + ", " + stopped, failure);
        }
        long refusedNow = refused - refusedBefore;
        mixed += refusedNow > 0 && refusedNow < items ? 1 : 0;
    }

    private static void expectNothing(@Nullable String broken) {
        if (broken != null) {
            throw new AssertionError(broken);
        }
    }

    /** What is wrong with the end of an item, or null. */
    private @Nullable String broken(CompletableFuture<Integer> future, Probe probe, Stop stop) {
        if (future.isCancelled()) {
            cancelled++;
            return null;
        }
        if (!future.isCompletedExceptionally()) {
            succeeded++;
            return future.join() == probe.number && probe.hasRun() ? null : "another's result, or one without a run";
        }
        Throwable failure = future.handle((result, thrown) -> thrown).join();
        if (failure instanceof BatcherStoppedException early && !early.mayHaveRun()) {
            refused++;
            return probe.forbid() ? null : "ran, though mayHaveRun is false";
        }
        if (failure instanceof BatchAbortedException abortion && abortion.mayHaveRun() && stop.mayAbort()) {
            aborted++;
            return null;
        }
        return "failed with " + failure;
    }
}
