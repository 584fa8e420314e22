package io.asyncbatcher.sample.live;

import io.asyncbatcher.AsyncBatcher;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/** One run at a time, and all who look on. */
class LiveRuns {

    /** How long a run goes on unseen: a page that is loaded again is away for a moment. */
    private static final long UNSEEN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Map<String, Workload> workloads;
    private final List<BatcherMonitor> batchers;
    private final JsonMapper json;
    private final LongSupplier nanoTime;
    private final OpenPages pages = new OpenPages();
    private long runs;
    private long seenNanos;
    private @Nullable LoadRun run;
    private boolean closed;

    LiveRuns(List<Workload> workloads, List<AsyncBatcher<?, ?>> batchers, JsonMapper json, LongSupplier nanoTime) {
        this.workloads = workloads.stream()
                .collect(Collectors.toMap(Workload::name, workload -> workload, (one, other) -> one, TreeMap::new));
        this.batchers = batchers.stream()
                .sorted(Comparator.comparing(AsyncBatcher::name))
                .map(batcher -> new BatcherMonitor(batcher, nanoTime.getAsLong()))
                .toList();
        this.json = json;
        this.nanoTime = nanoTime;
    }

    List<Workload> workloads() {
        return List.copyOf(workloads.values());
    }

    /** Another page looks on. */
    SseEmitter watch() {
        return pages.add();
    }

    int watching() {
        return pages.count();
    }

    /** Starts a run, unless one is running. */
    synchronized Frame.Run start(NewRun load) {
        Workload workload = workloads.get(load.workload());
        if (workload == null) {
            ProblemDetail problem =
                    ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "The request is not valid.");
            problem.setProperty("errors", Map.of("workload", "must be one of those that run: " + workloads.keySet()));
            throw new ErrorResponseException(HttpStatus.BAD_REQUEST, problem, null);
        }
        if (closed) {
            throw rejection(HttpStatus.SERVICE_UNAVAILABLE, "The application is stopping.");
        }
        if (run != null && run.isRunning()) {
            throw rejection(
                    HttpStatus.CONFLICT, "Run " + run.id() + " is running. Stop it first, or wait for its end.");
        }
        long nowNanos = nanoTime.getAsLong();
        seenNanos = nowNanos;
        run = new LoadRun(++runs, load, workload, nowNanos);
        run.start();
        return run.figures(nowNanos);
    }

    /** Stops a run that is running. */
    synchronized void stop(long id) {
        if (run == null || run.id() != id || !run.isRunning()) {
            throw rejection(HttpStatus.NOT_FOUND, "Run " + id + " is not running.");
        }
        run.stop("it was stopped", nanoTime.getAsLong());
    }

    @Scheduled(fixedRate = 250)
    void tick() {
        Frame frame = nextFrame();
        if (pages.count() > 0) {
            pages.send(json.writeValueAsString(frame));
        }
    }

    /** Ends a quarter of a second. */
    synchronized Frame nextFrame() {
        long nowNanos = nanoTime.getAsLong();
        batchers.forEach(batcher -> batcher.tick(nowNanos));
        Map<String, Frame.Batcher> states = new LinkedHashMap<>();
        batchers.forEach(batcher -> states.put(batcher.name(), batcher.figures()));
        long at = TimeUnit.NANOSECONDS.toMillis(nowNanos);
        if (run == null) {
            return new Frame(at, null, Map.of(), states);
        }
        run.tick(nowNanos);
        if (pages.count() > 0) {
            seenNanos = nowNanos;
        } else if (nowNanos - seenNanos > UNSEEN_NANOS) {
            run.stop("nobody looked on", nowNanos);
        }
        return new Frame(at, run.figures(nowNanos), run.lanes(nowNanos), states);
    }

    /** Before the web server waits for requests to end, and before batchers drain. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        pages.close();
        LoadRun last = stopLast();
        if (last != null) {
            last.awaitCalls();
        }
    }

    private synchronized @Nullable LoadRun stopLast() {
        closed = true;
        if (run != null) {
            run.stop("the application stopped", nanoTime.getAsLong());
        }
        return run;
    }

    private static ErrorResponseException rejection(HttpStatus status, String why) {
        return new ErrorResponseException(status, ProblemDetail.forStatusAndDetail(status, why), null);
    }
}
