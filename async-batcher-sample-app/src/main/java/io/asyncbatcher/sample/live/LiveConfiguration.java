package io.asyncbatcher.sample.live;

import io.asyncbatcher.AsyncBatcher;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import tools.jackson.databind.json.JsonMapper;

/** Runs and the clock that they are shown by. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class LiveConfiguration {

    @Bean
    LiveRuns liveRuns(
            ObjectProvider<Workload> workloads, ObjectProvider<AsyncBatcher<?, ?>> batchers, JsonMapper json) {
        return new LiveRuns(
                workloads.stream().toList(),
                batchers.stream().<AsyncBatcher<?, ?>>map(batcher -> batcher).toList(),
                json,
                System::nanoTime);
    }
}
