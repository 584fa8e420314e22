package io.asyncbatcher.spring.boot.logging;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.methods.Wirings;
import io.asyncbatcher.spring.boot.settings.PlainOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Lists the batchers at startup: a line for each with its method and its main options, and not more than fit a screen. */
final class StartupReport implements SmartInitializingSingleton, AopInfrastructureBean {

    private static final Log log = LogFactory.getLog(StartupReport.class);
    private static final int MOST_LINES = 20;
    private static final Set<String> MAIN_OPTIONS =
            Set.of("maxBatchSize", "maxQueueTime", "concurrency", "maxQueueSize", "dispatch");

    private final Batchers batchers;
    private final Wirings wirings;

    StartupReport(Batchers batchers, Wirings wirings) {
        this.batchers = batchers;
        this.wirings = wirings;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (!log.isInfoEnabled()) {
            return;
        }
        List<AsyncBatcher<?, ?>> all = batchers.all();
        int shown = all.size() <= MOST_LINES ? all.size() : MOST_LINES - 1;
        all.subList(0, shown).forEach(batcher -> log.info(line(batcher)));
        if (shown < all.size()) {
            log.info("And " + (all.size() - shown) + " more batchers");
        }
    }

    private String line(AsyncBatcher<?, ?> batcher) {
        Wirings.Wiring wiring = wirings.of(batcher);
        String options = PlainOption.ALL.stream()
                .filter(option -> MAIN_OPTIONS.contains(option.name()))
                .map(option -> option.propertyName() + "=" + option.shown(batcher.options()))
                .collect(Collectors.joining(", "));
        return "Batcher '" + batcher.name() + "' "
                + (wiring.method() == null ? "is bean '" + wiring.bean() + "'" : "calls " + wiring.method()) + ": "
                + options;
    }
}
