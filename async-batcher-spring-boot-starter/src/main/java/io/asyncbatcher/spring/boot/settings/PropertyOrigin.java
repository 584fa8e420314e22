package io.asyncbatcher.spring.boot.settings;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/** Says where a property was set, for messages. */
final class PropertyOrigin {

    private PropertyOrigin() {}

    static String describe(Environment environment, ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return describe(property);
            }
        }
        return "'" + name + "'";
    }

    static String describe(ConfigurationProperty property) {
        String name = "'" + property.getName() + "'";
        return property.getOrigin() == null ? name : name + " (from " + property.getOrigin() + ")";
    }
}
