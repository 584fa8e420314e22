package io.asyncbatcher.simulator;

/** One thing that happens to a batcher, and how often in comparison with the others. */
enum Step {
    SUBMIT(16),
    SUBMIT_MANY(3),
    SUBMIT_WITH_TIMEOUT(6),
    SUBMIT_ALL(2),
    ADVANCE(14),
    RUN_TASK(18),
    END_STAGE(9),
    RUN_COMPLETION(6),
    CANCEL(4),
    COMPLETE(2),
    CANCEL_ALL(1),
    FLUSH(3),
    PAUSE(2),
    RESUME(3),
    RECONFIGURE(3),
    STOP_FORCED(1),
    STOP_GRACEFULLY(2),
    STOP_WITHIN_GRACE(2),
    START(4),
    CLOSE(1),
    CHANGE_LISTENERS(1);

    final int weight;

    Step(int weight) {
        this.weight = weight;
    }
}
