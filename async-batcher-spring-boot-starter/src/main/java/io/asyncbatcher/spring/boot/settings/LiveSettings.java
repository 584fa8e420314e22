package io.asyncbatcher.spring.boot.settings;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What one batcher is set to while it lives. When its settings are read anew, the options that differ from what was read
 * before are changed, and no others: what an operator has changed meanwhile stays.
 */
final class LiveSettings {

    /** The application's code set an option. */
    static final String CODE = "code";

    private static final Log log = LogFactory.getLog(LiveSettings.class);

    /**
     * One reading of the settings.
     *
     * @param settings the layers
     * @param layered the options as the layers have them
     * @param customized what the customizers made of these
     * @param unset where the value of an option is from that no layer sets
     */
    record Reading(LayeredSettings settings, BatcherOptions layered, BatcherOptions customized, String unset) {

        /** Nothing sets an option of a method's batcher. */
        static final String DEFAULT = "default";

        /** A batcher that the application built: only its own properties are put over what the builder set. */
        static Reading ofDeclared(LayeredSettings settings, BatcherOptions built) {
            BatcherOptions layered = settings.applyTo(built);
            return new Reading(settings, layered, layered, CODE);
        }

        /** Where each option that a layer sets has its value from, as it was then. */
        Map<String, String> origins() {
            return settings.origins();
        }

        /** What a batcher is rejected for: all that is checked when the options are together is that a weight has a weigher. */
        RuntimeException rejection(IllegalArgumentException rejection) {
            String origin = origins().get("maxBatchWeight");
            if (origin == null || layered.maxBatchWeight() != customized.maxBatchWeight()) {
                return rejection; // a customizer's, who reads the builder's own words
            }
            String name = layered.name();
            return new BatcherConfigurationException(
                    "The value of " + origin + " takes a weigher, and batcher '" + name + "' has none.",
                    unset.equals(CODE)
                            ? "Give it one by Builder.maxBatchWeight, or remove " + origin + "."
                            : "Name a bean of type ToLongFunction by 'batcher.instances." + name
                                    + ".weigher' or @Batched(weigher = \"…\"), or set 'batcher.instances." + name
                                    + ".max-batch-weight' to -1.",
                    rejection);
        }
    }

    private final AsyncBatcher<?, ?> batcher;
    private final Supplier<Reading> reader;
    private final Map<String, String> beanNames;
    private final AtomicLong readings = new AtomicLong();
    private volatile Reading last;

    /** Which reading the last one is. */
    @GuardedBy("this")
    private long applied;

    /**
     * Begins with what a batcher was built with.
     *
     * @param reader reads the settings anew, and asks the customizers
     */
    LiveSettings(AsyncBatcher<?, ?> batcher, Reading first, Supplier<Reading> reader) {
        this.batcher = batcher;
        this.last = first;
        this.beanNames = first.settings().beanNames();
        this.reader = reader;
    }

    String name() {
        return batcher.name();
    }

    /** The options as the settings were read last. */
    BatcherOptions configured() {
        return last.customized();
    }

    /** The names of the beans that the batcher uses, by the option that names them; they stay what they were. */
    Map<String, String> beanNames() {
        return beanNames;
    }

    /** Whether the application built the batcher. */
    boolean isDeclared() {
        return last.unset().equals(CODE);
    }

    boolean isTraced() {
        return last.settings().isTraced();
    }

    /**
     * Reads the settings anew and changes what is different.
     *
     * @throws RuntimeException if a value is not allowed, or from a customizer; nothing is changed then
     */
    void refresh() {
        long reading = readings.incrementAndGet();
        Reading next = reader.get(); // asks customizers, and so outside the lock
        synchronized (this) {
            if (reading < applied) {
                return; // another was quicker that began to read later
            }
            Reading before = last;
            try {
                batcher.reconfigure(live -> PlainOption.carryOver(before.customized(), next.customized(), live));
            } catch (IllegalArgumentException e) {
                throw next.rejection(e);
            }
            last = next;
            applied = reading;
            Map<String, String> beans = next.settings().beanNames();
            if (!beans.equals(before.settings().beanNames())) {
                log.warn("Batcher '" + name() + "' keeps the beans that it began with until it is made again; its"
                        + " settings now name " + beans);
            }
        }
    }

    /** Where the value of every option comes from now, by its name. */
    Map<String, String> origins() {
        Reading reading = last;
        BatcherOptions live = batcher.options();
        Map<String, String> set = reading.origins();
        Map<String, String> origins = new TreeMap<>();
        OptionNames.ALL.forEach(option -> origins.put(option, set.getOrDefault(option, reading.unset())));
        for (PlainOption option : PlainOption.ALL) {
            if (!option.isEqual(reading.customized(), live)) {
                origins.put(option.name(), "changed while running");
            } else if (!option.isEqual(reading.layered(), live)) {
                origins.put(option.name(), "BatcherCustomizer");
            }
        }
        return origins;
    }
}
