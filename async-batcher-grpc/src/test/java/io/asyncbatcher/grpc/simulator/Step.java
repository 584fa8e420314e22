package io.asyncbatcher.grpc.simulator;

/** One thing that happens to clients and workers, and how often in comparison with the others. */
enum Step {
    SUBMIT(20),
    SUBMIT_MANY(4),
    SUBMIT_WITH_TIMEOUT(8),
    SUBMIT_ALL(3),
    ADVANCE(16),
    END_BATCH(20),
    CANCEL(5),
    COMPLETE(2),
    CANCEL_ALL(1),
    CLIENT_READS_OR_NOT(4),
    CLIENT_WRITES_OR_NOT(4),
    WORKER_READS_OR_NOT(4),
    STREAM_IS_CUT(3),
    WORKER_STARTS(8),
    WORKER_STOPS(3),
    WORKER_IS_KILLED(2),
    WORKERS_BATCHER_STOPS(1),
    WORKERS_BATCHER_STARTS(2),
    CLIENT_STOPS_GRACEFULLY(1),
    CLIENT_STOPS_BY_FORCE(1),
    CLIENT_STOPS_WITHIN_GRACE(1),
    CLIENT_STARTS(5),
    CLIENT_PAUSES(1),
    CLIENT_RESUMES(3),
    CLIENT_CONNECTS(1);

    final int weight;

    Step(int weight) {
        this.weight = weight;
    }
}
