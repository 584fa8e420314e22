package io.asyncbatcher.grpc.simulator;

import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One run: clients and workers, what happens to them, and what must hold meanwhile. All of it on one thread. */
final class World {

    static final String NAME = "prices";

    private static final List<Nature> NATURES = List.of(Nature.values());

    final String address = UUID.randomUUID().toString();
    final VirtualTime time = new VirtualTime();
    final Settings settings;

    /** Of what gRPC's timers and the client's backoff draw. */
    final SplittableRandom timing;

    final Timers timers;

    /** Of the event that is happening. */
    SplittableRandom random = new SplittableRandom(0);

    final List<Client> clients;
    final List<Worker> workers = new ArrayList<>();
    final List<Submitted> items = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final Map<String, Submitted> byText = new HashMap<>();
    private final Map<String, Integer> lastBegun = new HashMap<>();
    private List<String> trace = new ArrayList<>();

    private int turns;

    private @Nullable Worker serving;

    private @Nullable Violation violation;

    /** Items that were submitted together. */
    private record Group(List<Submitted> members, CompletableFuture<List<String>> all, long submittedNanos) {}

    World(Plan plan) {
        settings = plan.settings();
        timing = new SplittableRandom(plan.endSeed());
        timers = new Timers(time, timing);
        clients = IntStream.range(0, settings.clients())
                .mapToObj(number -> new Client(number, this))
                .toList();
    }

    /** What has happened, a line each. */
    List<String> trace() {
        return trace;
    }

    void event(Plan.Event event) {
        random = new SplittableRandom(event.seed());
        trace.add(event.step().name());
        happen(event.step());
        check();
    }

    private void happen(Step step) {
        Client client = clients.get(random.nextInt(clients.size()));
        switch (step) {
            case SUBMIT -> submit(client, null);
            case SUBMIT_MANY -> IntStream.range(0, 8).forEach(i -> submit(client, null));
            case SUBMIT_WITH_TIMEOUT -> submit(client, Duration.ofMillis(Settings.one(random, 1, 5, 20, 300, 2_000)));
            case SUBMIT_ALL -> submitAll(client);
            case ADVANCE -> time.advanceMillis(Settings.one(random, 1, 3, 10, 50, 200, 1_000, 6_000));
            case END_BATCH -> one(workers, worker -> worker.begun() > 0, worker -> worker.endOne(random));
            case CANCEL ->
                one(items, Submitted::isOpen, item -> {
                    item.leftByCaller = true;
                    item.future().cancel(false);
                });
            case COMPLETE ->
                one(items, Submitted::isOpen, item -> {
                    item.leftByCaller = true;
                    item.future().complete("by the caller");
                });
            case CANCEL_ALL -> one(groups, group -> !group.all.isDone(), group -> group.all.cancel(false));
            case CLIENT_READS_OR_NOT -> client.reads(!client.reads());
            case CLIENT_WRITES_OR_NOT -> client.writes(!client.writes());
            case WORKER_READS_OR_NOT -> one(workers, worker -> true, worker -> worker.reads(!worker.reads()));
            case STREAM_IS_CUT -> one(client.streams(), stream -> true, client::cut);
            case WORKER_STARTS -> {
                int kind = random.nextInt(10);
                start(kind == 0 ? Worker.Kind.OTHER_CODEC : kind == 1 ? Worker.Kind.OTHER_NAME : Worker.Kind.GOOD);
            }
            case WORKER_STOPS -> stopWorker();
            case WORKER_IS_KILLED -> killWorker();
            case WORKERS_BATCHER_STOPS ->
                one(workers, worker -> true, worker -> worker.batcher.stop(random.nextBoolean()));
            case WORKERS_BATCHER_STARTS -> one(workers, World::isStopped, worker -> worker.batcher.start());
            case CLIENT_STOPS_GRACEFULLY -> stop(client, client.batcher.stop(false));
            case CLIENT_STOPS_BY_FORCE -> stop(client, client.batcher.stop(true));
            case CLIENT_STOPS_WITHIN_GRACE -> stop(client, client.batcher.stop(Duration.ofSeconds(1)));
            case CLIENT_STARTS -> {
                if (client.stopping != null && client.stopping.isDone()) {
                    client.stopping = null;
                    client.batcher.start();
                }
            }
            case CLIENT_PAUSES -> client.batcher.pause();
            case CLIENT_RESUMES -> client.batcher.resume();
            case CLIENT_CONNECTS -> client.batcher.connect();
        }
    }

    private <E> void one(List<E> of, Predicate<E> where, Consumer<E> what) {
        List<E> possible = of.stream().filter(where).toList();
        if (!possible.isEmpty()) {
            what.accept(possible.get(random.nextInt(possible.size())));
        }
    }

    private static boolean isStopped(Worker worker) {
        return !worker.batcher.isRunning() && worker.begun() == 0;
    }

    // What callers do.

    private Submitted item(Client client, long timeoutMillis) {
        Nature nature = random.nextInt(6) > 0 ? Nature.PLAIN : NATURES.get(random.nextInt(NATURES.size()));
        Submitted item = new Submitted(
                client.number,
                items.size(),
                "k" + random.nextInt(3),
                nature,
                time.nanoTime(),
                Duration.ofMillis(timeoutMillis).toNanos());
        items.add(item);
        byText.put(item.text, item);
        if (nature != Nature.UNWRITABLE_ITEM) { // else no queue hears of it
            client.submitted++;
        }
        return item;
    }

    private void submit(Client client, @Nullable Duration timeout) {
        boolean submitsAgain = random.nextInt(10) == 0;
        Submitted item = item(client, timeout == null ? settings.itemTimeoutMillis() : timeout.toMillis());
        CompletableFuture<String> future =
                timeout == null ? client.batcher.process(item.text) : client.batcher.process(item.text, timeout);
        item.future(future);
        future.whenComplete((result, failure) -> {
            watch(() -> item.settled(result, failure, time.nanoTime()));
            trace.add(time.nanoTime() + " " + item + " = " + (failure == null ? result : failure));
            if (submitsAgain) {
                submit(client, timeout);
            }
        });
    }

    private void submitAll(Client client) {
        List<Submitted> members = IntStream.range(0, 1 + random.nextInt(4))
                .mapToObj(i -> item(client, settings.itemTimeoutMillis()))
                .toList();
        groups.add(new Group(
                members,
                client.batcher.processAll(
                        members.stream().map(item -> item.text).toList()),
                time.nanoTime()));
    }

    private void stop(Client client, CompletableFuture<Void> end) {
        client.stopping = end;
        end.thenRun(() -> watch(() -> items.forEach(
                item -> Violation.unless(item.client != client.number || !item.isOpen(), "stop settles all", item))));
    }

    // What happens to workers.

    void start(Worker.Kind kind) {
        if (serving == null) {
            serving = new Worker(kind, this);
            workers.add(serving);
        }
    }

    void stopWorker() {
        if (serving != null) {
            serving.stop();
            serving = null;
        }
    }

    void killWorker() {
        if (serving != null) {
            serving.kill();
            serving = null;
        }
    }

    boolean isServedWell() {
        return serving != null && serving.kind == Worker.Kind.GOOD;
    }

    /** Whether nobody waits for anything. */
    boolean isQuiet() {
        return groups.stream().allMatch(group -> group.all.isDone());
    }

    /** Leaves nothing behind, whatever has happened. */
    void close() {
        trace = new ArrayList<>(); // what follows is no part of the story
        clients.forEach(client -> client.channel.shutdownNow());
        workers.forEach(Worker::close);
    }

    void cut(String stream) {
        clients.forEach(client -> client.cut(stream));
    }

    /** A client is asked for an item's key while the item is submitted: the others of a group come later. */
    String isSubmitted(String text) {
        byText.get(text).turn = ++turns;
        return Submitted.keyOf(text);
    }

    /** A processor was called. */
    void hasBegun(List<String> batch) {
        trace.add(time.nanoTime() + " begun " + batch);
        watch(() -> {
            for (String text : batch) {
                Submitted item = byText.get(text);
                Violation.unless(item.seen++ <= (settings.idempotent() ? 1 : 0), "no more tries", item);
                if (settings.keyed() && item.seen == 1) {
                    Integer before = lastBegun.put(item.key, item.turn);
                    Violation.unless(before == null || before < item.turn, "order in a key", item + " after " + before);
                }
            }
        });
    }

    // What must hold.

    /** A rule that is looked at inside user code, where an exception would not come out. */
    void watch(Runnable rule) {
        try {
            rule.run();
        } catch (Violation broken) {
            if (violation == null) {
                violation = broken;
            }
        }
    }

    void check() {
        if (violation != null) {
            throw violation;
        }
        long now = time.nanoTime();
        items.forEach(item -> item.check(now));
        groups.forEach(group -> check(group, now));
        for (Client client : clients) {
            int queued = client.batcher.snapshot().queued();
            Violation.unless(queued <= settings.clientBound(), "client's queue", queued);
        }
        for (Worker worker : workers) {
            int queued = worker.batcher.snapshot().queued();
            Violation.unless(queued <= settings.workerQueue(), "worker's queue", queued);
        }
    }

    private void check(Group group, long now) {
        boolean over = now - group.submittedNanos
                >= Duration.ofMillis(settings.itemTimeoutMillis()).toNanos();
        Violation.unless(!over || group.all.isDone(), "settled in time", group.members);
        if (group.all.isDone() && !group.all.isCompletedExceptionally()) {
            List<String> expected = group.members.stream()
                    .map(item -> Nature.resultOf(item.text))
                    .toList();
            Violation.unless(expected.equals(group.all.join()), "own result", group.members);
        }
    }
}
