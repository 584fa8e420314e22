package io.asyncbatcher.spring.boot.remote;

import io.asyncbatcher.spring.boot.InstanceSettings;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/** What properties say of batchers of other applications, read before any bean is made. */
final class RemoteProperties {

    private RemoteProperties() {}

    /** The properties of one batcher, whatever spelling of its name they have. */
    static InstanceSettings.Remote of(String batcher, Environment environment) {
        ConfigurationPropertyName name =
                ConfigurationPropertyName.adapt("batcher.instances." + batcher + ".remote", '.');
        return Binder.get(environment)
                .bind(name, Bindable.of(InstanceSettings.Remote.class))
                .orElseGet(InstanceSettings.Remote::new);
    }

    /** The names of the batchers that have a target, as they are written. */
    static List<String> names(Environment environment) {
        return Binder.get(environment)
                .bind("batcher.instances", Bindable.mapOf(String.class, InstanceSettings.class))
                .orElse(Map.of())
                .entrySet()
                .stream()
                .filter(instance -> instance.getValue().getRemote().getTarget() != null)
                .map(Map.Entry::getKey)
                .toList();
    }
}
