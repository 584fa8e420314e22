package io.asyncbatcher.grpc.simulator;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** How a run ends, in one of several ways, and what must be left then: nothing. */
final class End {

    private static final int SECONDS = 45;

    private final World world;
    private final SplittableRandom random;

    End(World world, long seed) {
        this.world = world;
        this.random = new SplittableRandom(seed);
    }

    void run() {
        world.random = random;
        world.workers.forEach(worker -> worker.reads(true));
        world.clients.forEach(client -> client.writes(true));
        world.clients.forEach(client -> client.reads(true));
        world.check();
        switch (random.nextInt(4)) {
            case 0 -> everybodyLeaves();
            case 1 -> clientsStopGracefully();
            case 2 -> workerStopsGracefully();
            default -> {}
        }
        world.check();
        clientsStopByForce();
        nothingIsLeft();
    }

    /** Callers cancel, and the worker hears of it while the stream is open. */
    private void everybodyLeaves() {
        for (Submitted item : List.copyOf(world.items)) {
            if (item.isOpen()) {
                item.leftByCaller = true;
                item.future().cancel(false);
            }
        }
        for (Client client : world.clients) {
            if (!client.isSteady()) {
                return;
            }
        }
        for (Worker worker : world.workers) {
            boolean cameBack = world.items.stream().anyMatch(Submitted::isOpen); // by continuations, or in groups
            if (!cameBack && world.isQuiet() && worker.isBelowWindow()) {
                int queued = worker.batcher.snapshot().queued();
                Violation.unless(queued == 0, "cancel travels", queued + " items are queued");
            }
        }
    }

    private void clientsStopGracefully() {
        List<CompletableFuture<Void>> ends =
                world.clients.stream().map(client -> client.batcher.stop(false)).toList();
        settle();
        Violation.unless(ends.stream().allMatch(CompletableFuture::isDone), "graceful stop", "hasn't ended");
        world.items.forEach(item -> Violation.unless(!item.isOpen(), "stop settles all", item));
    }

    private void workerStopsGracefully() {
        world.stopWorker();
        settle();
        for (Worker worker : world.workers) {
            CompletableFuture<Void> drained = worker.drained;
            Violation.unless(drained == null || drained.isDone(), "drain", "hasn't ended");
        }
    }

    /** Lets happen what happens by itself, until every timeout is over. */
    private void settle() {
        for (int second = 0; second < SECONDS; second++) {
            for (Worker worker : world.workers) {
                while (worker.begun() > 0) {
                    worker.endOne(random);
                }
            }
            time(Duration.ofSeconds(1));
        }
    }

    private void clientsStopByForce() {
        world.clients.forEach(client -> {
            CompletableFuture<Void> end = client.batcher.stop(true);
            Violation.unless(end.isDone(), "forced stop", "hasn't ended");
        });
        world.items.forEach(item -> Violation.unless(!item.isOpen(), "stop settles all", item));
        for (Worker worker : world.workers) {
            Violation.unless(worker.batcher.snapshot().queued() == 0, "a client that is gone", "has items queued");
        }
        settle();
        for (Worker worker : world.workers) {
            Violation.unless(worker.worker.streams() == 0, "a client that is gone", "has a stream");
        }
    }

    private void nothingIsLeft() {
        for (Client client : world.clients) {
            Violation.unless(
                    client.told == client.submitted,
                    "listeners hear of each item once",
                    client.told + " of " + client.submitted);
            Violation.unless(client.batcher.snapshot().inFlight() == 0, "in flight", client.batcher.snapshot());
            client.channel.shutdownNow();
        }
        world.killWorker();
        for (Worker worker : world.workers) {
            Violation.unless(worker.batcher.snapshot().inFlight() == 0, "in flight", worker.batcher.snapshot());
            worker.batcher.stop(true);
        }
        time(Duration.ofMinutes(2));
        Violation.unless(world.time.alarms() == 0, "alarms", world.time.alarms());
    }

    private void time(Duration span) {
        world.time.advance(span);
        world.check();
    }
}
