package io.asyncbatcher.sample;

import io.asyncbatcher.spring.BatcherCustomizer;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;

/**
 * Time that stands still until a test moves it, for every batcher and for whoever asks the clock. A profile of its own,
 * so that the sample doesn't stand still where it is started by hand.
 */
@TestConfiguration(proxyBeanMethods = false)
@Profile("standing-time")
public class StandingTime {

    @Bean
    VirtualTime virtualTime() {
        return new VirtualTime();
    }

    @Bean
    BatcherCustomizer standingTime(VirtualTime time) {
        return (name, builder) -> builder.time(time);
    }

    @Bean
    Clock standingClock(VirtualTime time) {
        return new StandingClock(time, time.nanoTime());
    }

    private static final class StandingClock extends Clock {

        private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

        private final VirtualTime time;
        private final long startNanos;

        StandingClock(VirtualTime time, long startNanos) {
            this.time = time;
            this.startNanos = startNanos;
        }

        @Override
        public Instant instant() {
            return START.plusNanos(time.nanoTime() - startNanos);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("Nobody asks for a zone");
        }
    }
}
