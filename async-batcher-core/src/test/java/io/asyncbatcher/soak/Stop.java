package io.asyncbatcher.soak;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.asyncbatcher.AsyncBatcher;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** The ways to stop a batcher. */
enum Stop {
    GRACEFUL {
        @Override
        CompletableFuture<Void> of(AsyncBatcher<?, ?> batcher, SplittableRandom random) {
            return batcher.stop(false);
        }
    },
    FORCED {
        @Override
        CompletableFuture<Void> of(AsyncBatcher<?, ?> batcher, SplittableRandom random) {
            return batcher.stop(true);
        }
    },
    BOUNDED {
        @Override
        CompletableFuture<Void> of(AsyncBatcher<?, ?> batcher, SplittableRandom random) {
            return batcher.stop(Duration.ofNanos(random.nextInt(50_000)));
        }
    },
    GRACEFUL_THEN_FORCED {
        @Override
        CompletableFuture<Void> of(AsyncBatcher<?, ?> batcher, SplittableRandom random) {
            CompletableFuture<Void> first = batcher.stop(false);
            Spin.times(random.nextInt(100));
            return CompletableFuture.allOf(first, batcher.stop(true));
        }
    },
    WITH_A_RESTART {
        @Override
        CompletableFuture<Void> of(AsyncBatcher<?, ?> batcher, SplittableRandom random) throws Exception {
            batcher.stop(false).get(20, SECONDS);
            batcher.start();
            Spin.times(random.nextInt(100));
            return batcher.stop(false);
        }
    };

    /** Any, and a restart, which has to wait, less often than the others. */
    static Stop any(SplittableRandom random) {
        return switch (random.nextInt(25)) {
            case 0 -> WITH_A_RESTART;
            case 1, 2, 3, 4, 5, 6 -> FORCED;
            case 7, 8, 9, 10, 11, 12 -> BOUNDED;
            case 13, 14, 15, 16, 17, 18 -> GRACEFUL_THEN_FORCED;
            default -> GRACEFUL;
        };
    }

    abstract CompletableFuture<Void> of(AsyncBatcher<?, ?> batcher, SplittableRandom random) throws Exception;

    /** Whether an accepted item may fail. */
    boolean mayAbort() {
        return this != GRACEFUL && this != WITH_A_RESTART;
    }
}
