package io.asyncbatcher.sample.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.sample.live.NewRun.LaneName;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;
import tools.jackson.databind.json.JsonMapper;

/** Runs on a clock that the test moves; the calls are real. */
class LiveRunsTests {

    private static final Set<LaneName> BOTH = Set.of(LaneName.values());

    private final AtomicLong nanos = new AtomicLong(1);
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final AsyncBatcher<Long, Long> batcher = AsyncBatcher.<Long, Long>builder(items -> items)
            .name("echo")
            .maxBatchSize(10)
            .maxQueueTime(Duration.ofMillis(1))
            .build();
    private final LiveRuns runs = new LiveRuns(List.of(new Echo()), List.of(batcher), new JsonMapper(), nanos::get);

    @AfterEach
    void close() {
        runs.close();
        batcher.close();
    }

    @ParameterizedTest
    @EnumSource(Arrivals.class)
    void bothLanesMakeCallsHoweverTheyArrive(Arrivals arrivals) {
        runs.start(load(BOTH, arrivals, 60));

        await().untilAsserted(() -> assertThat(
                        frameAfter(Duration.ofMillis(250)).lanes().values())
                .hasSize(2)
                .allSatisfy(lane -> {
                    assertThat(lane.wholeRun().count()).isGreaterThan(100);
                    assertThat(lane.wholeRun().p50()).isPositive();
                    assertThat(lane.failed()).isZero();
                }));
        assertThat(mostAtOnce).hasValueLessThanOrEqualTo(2);
    }

    @Test
    void batchesAreCounted() {
        runs.start(load(Set.of(LaneName.BATCHED), Arrivals.CALLERS, 60));

        await().untilAsserted(() -> {
            Frame.Batcher echo = frameAfter(Duration.ofMillis(250)).batchers().get("echo");
            assertThat(echo.lastSecond().largest()).isEqualTo(10);
            assertThat(echo.lastSecond().reasons().get("full")).isPositive();
            assertThat(echo.lastSecond().reasons().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(echo.lastSecond().count());
        });
    }

    @Test
    void aRunEndsWhenItsTimeIsOver() {
        runs.start(load(BOTH, Arrivals.STEADY, 5));

        assertThat(frameAfter(Duration.ofMillis(4_999)).run().end()).isNull();
        assertThat(frameAfter(Duration.ofMillis(1)).run())
                .satisfies(run -> assertThat(run.end()).isEqualTo("its time was over"))
                .satisfies(run -> assertThat(run.elapsedSeconds()).isEqualTo(5));
        runs.start(load(BOTH, Arrivals.STEADY, 5));
    }

    @Test
    void aRunEndsWhenNobodyLooksOn() {
        runs.start(load(BOTH, Arrivals.STEADY, 600));

        assertThat(frameAfter(Duration.ofSeconds(10)).run().end()).isNull();
        assertThat(frameAfter(Duration.ofMillis(1)).run().end()).isEqualTo("nobody looked on");
    }

    @Test
    void aRunThatIsSeenGoesOn() {
        runs.start(load(BOTH, Arrivals.STEADY, 600));
        runs.watch();

        assertThat(frameAfter(Duration.ofSeconds(60)).run().end()).isNull();
    }

    @Test
    void thereIsOneRunAtATime() {
        Frame.Run first = runs.start(load(BOTH, Arrivals.STEADY, 60));

        assertThatExceptionOfType(ErrorResponseException.class)
                .isThrownBy(() -> runs.start(load(BOTH, Arrivals.STEADY, 60)))
                .returns(HttpStatus.CONFLICT, ErrorResponseException::getStatusCode);
        runs.stop(first.id());
        assertThat(runs.start(load(BOTH, Arrivals.STEADY, 60)).id()).isNotEqualTo(first.id());
        assertThatExceptionOfType(ErrorResponseException.class)
                .isThrownBy(() -> runs.stop(first.id()))
                .returns(HttpStatus.NOT_FOUND, ErrorResponseException::getStatusCode);
    }

    @Test
    void callersThatAreRejectedComeAgainAfterAWhile() {
        batcher.stop(false).join();
        runs.start(load(Set.of(LaneName.BATCHED), Arrivals.CALLERS, 60));

        await().untilAsserted(() ->
                assertThat(lane(LaneName.BATCHED).failures()).containsOnlyKeys("BatcherStoppedException"));
        batcher.start();
        await().untilAsserted(() ->
                assertThat(lane(LaneName.BATCHED).wholeRun().count()).isPositive());
    }

    @Test
    void whatAPauseHoldsUpIsSeenQueued() {
        batcher.pause();
        runs.start(load(Set.of(LaneName.BATCHED), Arrivals.CALLERS, 60));

        await().untilAsserted(() -> {
            Frame frame = frameAfter(Duration.ofMillis(250));
            assertThat(frame.batchers().get("echo").queued()).isEqualTo(20);
            assertThat(frame.batchers().get("echo").paused()).isTrue();
        });
        batcher.resume();
    }

    @Test
    void theSettingsOfTheStartAreRemembered() {
        batcher.reconfigure(options -> options.withMaxBatchSize(3));

        Frame.Batcher echo = frameAfter(Duration.ZERO).batchers().get("echo");
        assertThat(echo.options().maxBatchSize()).isEqualTo(3);
        assertThat(echo.configured().maxBatchSize()).isEqualTo(10);
    }

    @Test
    void thereIsRoomForSoManyPagesOnly() {
        for (int i = 0; i < OpenPages.MOST; i++) {
            runs.watch();
        }

        assertThatExceptionOfType(ErrorResponseException.class)
                .isThrownBy(runs::watch)
                .returns(HttpStatus.SERVICE_UNAVAILABLE, ErrorResponseException::getStatusCode);
    }

    private Frame.Lane lane(LaneName name) {
        return frameAfter(Duration.ofMillis(250)).lanes().get(name);
    }

    private Frame frameAfter(Duration time) {
        nanos.addAndGet(time.toNanos());
        return runs.nextFrame();
    }

    private static NewRun load(Set<LaneName> lanes, Arrivals arrivals, int seconds) {
        return new NewRun("echo", lanes, arrivals, 20, 1_000, seconds);
    }

    private final class Echo implements Workload {

        @Override
        public String name() {
            return "echo";
        }

        @Override
        public String title() {
            return "Echo";
        }

        @Override
        public String batcher() {
            return "echo";
        }

        @Override
        public int unbatchedConcurrency() {
            return 2;
        }

        @Override
        public String unbatchedLimit() {
            return "Two at once.";
        }

        @Override
        public CompletableFuture<Long> batched(long number) {
            return batcher.process(number);
        }

        @Override
        public void unbatched(long number) {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            atOnce.decrementAndGet();
        }
    }
}
