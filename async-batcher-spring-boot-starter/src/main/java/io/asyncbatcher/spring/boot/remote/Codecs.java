package io.asyncbatcher.spring.boot.remote;

import com.google.protobuf.MessageLite;
import io.asyncbatcher.grpc.Codec;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.reflect.Type;
import java.util.Objects;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Chooses the codec of a type: a bean of type {@code Codec} for it, or Protobuf for its messages, or else JSON. */
final class Codecs {

    private final ConfigurableListableBeanFactory beans;
    private final ClassLoader classLoader;

    Codecs(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
        this.classLoader = Objects.requireNonNullElseGet(beans.getBeanClassLoader(), ClassUtils::getDefaultClassLoader);
    }

    /**
     * The codec of a type.
     *
     * @throws BatcherConfigurationException if there is none
     */
    <V> Codec<V> of(Type type, String batcher) {
        ResolvableType wanted = ResolvableType.forType(type);
        Codec<V> own = beans.<Codec<V>>getBeanProvider(ResolvableType.forClassWithGenerics(Codec.class, wanted))
                .getIfUnique();
        if (own != null) {
            return own;
        }
        if (MessageLite.class.isAssignableFrom(wanted.toClass())) {
            return protobuf(wanted.toClass());
        }
        if (JacksonCodec.isAvailable(classLoader)) {
            return JacksonCodec.of(type, beans, classLoader);
        }
        throw new BatcherConfigurationException(
                "Nothing turns a " + wanted + " of batcher '" + batcher
                        + "' into bytes: there is no Jackson on the class" + " path, and no bean of type Codec<"
                        + wanted + ">.",
                "Add spring-boot-starter-json, or define such a bean.");
    }

    @SuppressWarnings("unchecked") // a message's codec gives messages of its own type
    private static <V> Codec<V> protobuf(Class<?> message) {
        MessageLite prototype = (MessageLite) Objects.requireNonNull(ReflectionUtils.invokeMethod(
                Objects.requireNonNull(ReflectionUtils.findMethod(message, "getDefaultInstance")), null));
        return (Codec<V>) Codec.protobuf(prototype);
    }
}
