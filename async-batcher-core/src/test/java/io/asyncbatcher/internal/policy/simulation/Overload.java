package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.internal.policy.simulation.Simulation.Phase;
import io.asyncbatcher.internal.policy.simulation.Simulation.Scenario;
import io.asyncbatcher.internal.policy.simulation.Simulation.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Independent callers that offer a multiple of what the processor can do, and wait for so many times of a full batch.
 *
 * @param dispatch the mode, with default options
 * @param slots the concurrency
 * @param service the processor
 * @param maxBatchSize the largest batch
 * @param load what is offered, as a multiple of what all slots with full batches can do
 * @param serviceTimes the items' timeout, in times of a full batch
 * @param calls how long it lasts, in full batches that all slots together can do
 */
record Overload(
        DispatchMode dispatch, int slots, Service service, int maxBatchSize, double load, int serviceTimes, int calls) {

    static final double[] LOADS = {0.5, 1, 2, 5, 10};
    static final int[] TIMEOUTS = {5, 20};

    /** Small batches, as of a model on one device. */
    private static final Service MODEL = new Service(5, 1, 0.2);

    private static final int SMALL = 8;

    /** Every case of a load and a timeout. */
    static List<Overload> cases(double load, int serviceTimes, int calls) {
        List<Overload> cases = new ArrayList<>();
        for (DispatchMode dispatch : DispatchMode.values()) {
            for (int slots : new int[] {1, 4}) {
                for (Service service : List.of(PolicyCases.CALL, PolicyCases.MIXED, MODEL)) {
                    int largest = service.equals(MODEL) ? SMALL : PolicyCases.LARGEST;
                    cases.add(new Overload(dispatch, slots, service, largest, load, serviceTimes, calls));
                }
            }
        }
        return cases;
    }

    String describe() {
        return "%s, %d %s, %s + %s n, at most %d"
                .formatted(
                        dispatch,
                        slots,
                        slots == 1 ? "slot" : "slots",
                        service.aMillis(),
                        service.bMillis(),
                        maxBatchSize);
    }

    /** The results delivered in time, as a part of what the processor could have delivered. */
    double goodput(long seed, boolean shedLoad) {
        double full = service.millis(maxBatchSize);
        double capacity = slots * maxBatchSize / full;
        int items = (int) (load * maxBatchSize * calls);
        Duration timeout = Duration.ofNanos((long) (1e6 * full * serviceTimes));
        int[] inTime = {0};
        Latencies latencies = Simulation.run(
                new Scenario("overload", slots, List.of(new Phase(service, Traffic.poisson(load * capacity), items))),
                seed,
                simulation -> {
                    AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                                CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
                                simulation.process(batch.size(), () -> stage.complete(batch));
                                return stage;
                            })
                            .dispatch(dispatch)
                            .maxBatchSize(maxBatchSize)
                            .concurrency(simulation.slots())
                            .itemTimeout(timeout)
                            .shedLoad(shedLoad)
                            .executor(Runnable::run)
                            .completionExecutor(Runnable::run)
                            .time(simulation.time())
                            .build();
                    return done -> batcher.process(1).whenComplete((result, failure) -> {
                        inTime[0] += failure == null ? 1 : 0;
                        done.run();
                    });
                });
        long[] submitted = latencies.submittedNanos();
        double millis = (submitted[items - 1] - submitted[0] + timeout.toNanos()) / 1e6;
        return inTime[0] / Math.min(items, capacity * millis);
    }
}
