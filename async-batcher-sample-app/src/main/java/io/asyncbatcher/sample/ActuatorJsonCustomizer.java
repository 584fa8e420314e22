package io.asyncbatcher.sample;

import java.util.Map;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.http.converter.HttpMessageConverters.ServerBuilder;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.stereotype.Component;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Lets Actuator have a number for a text: it reads every body as a map of texts, whatever its endpoints make of them. */
@Component
final class ActuatorJsonCustomizer implements ServerHttpMessageConvertersCustomizer {

    private final JsonMapper lenient;

    ActuatorJsonCustomizer(JsonMapper strict) {
        lenient = strict.rebuild()
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.TryConvert)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.TryConvert)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.TryConvert))
                .build();
    }

    @Override
    public void customize(ServerBuilder builder) {
        builder.configureMessageConverters(converter -> {
            if (converter instanceof JacksonJsonHttpMessageConverter json) {
                json.registerMappersForType(
                        Map.class,
                        mappers -> json.getSupportedMediaTypes().forEach(type -> mappers.put(type, lenient)));
            }
        });
    }
}
