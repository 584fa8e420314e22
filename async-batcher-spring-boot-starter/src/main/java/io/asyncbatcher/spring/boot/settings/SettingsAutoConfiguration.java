package io.asyncbatcher.spring.boot.settings;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.spring.BatcherCustomizer;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/** Auto-configuration of the settings: binds the properties, and follows changes of the environment. */
@AutoConfiguration
@EnableConfigurationProperties(BatcherProperties.class)
@ImportRuntimeHints(SettingsAutoConfiguration.OptionHints.class)
final class SettingsAutoConfiguration implements AopInfrastructureBean {

    @Bean
    ConfiguredBatchers asyncBatcherSettings(
            BatcherProperties properties, ObjectProvider<BatcherCustomizer> customizers, Environment environment) {
        return new ConfiguredBatchers(properties, customizers, environment);
    }

    @Bean
    static SettingsRefresh asyncBatcherSettingsRefresh(ObjectProvider<ConfiguredBatchers> batchers) {
        return new SettingsRefresh(batchers);
    }

    /** The options are found and changed by reflection: a native image has to know. */
    static final class OptionHints implements RuntimeHintsRegistrar {
        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            hints.reflection().registerType(BatcherOptions.class, MemberCategory.INVOKE_PUBLIC_METHODS);
        }
    }
}
