package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.core.env.Environment;

/** The origins as the {@link LayeredSettings} of a method's batcher tell them; what differs from these was set by code. */
final class SettingsOrigins implements OptionOrigins {

    private final Batchers batchers;
    private final BatchedMethodRegistrar registrar;
    private final Environment environment;

    SettingsOrigins(Batchers batchers, BatchedMethodRegistrar registrar, Environment environment) {
        this.batchers = batchers;
        this.registrar = registrar;
        this.environment = environment;
    }

    @Override
    public Map<String, String> of(String batcher) {
        BatchedMethod method = registrar.methods().get(batcher);
        AsyncBatcher<?, ?> live = batchers.named(batcher);
        if (method == null || live == null) {
            return Map.of();
        }
        LayeredSettings settings = LayeredSettings.of(method, environment);
        AsyncBatcher.Builder<?, ?> asSet = AsyncBatcher.builder(batch -> batch);
        settings.applyTo(asSet);
        Map<String, String> origins = new LinkedHashMap<>();
        for (RetunableOption option : RetunableOption.ALL) {
            Object value = option.shown().apply(asSet.options());
            boolean same = Objects.equals(value, option.shown().apply(live.options()));
            String origin = same ? settings.origin(option.name()) : CODE;
            origins.put(option.name(), Objects.requireNonNullElse(origin, DEFAULT));
        }
        return origins;
    }
}
