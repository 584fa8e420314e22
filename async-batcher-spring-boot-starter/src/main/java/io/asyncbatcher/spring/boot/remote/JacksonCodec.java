package io.asyncbatcher.spring.boot.remote;

import io.asyncbatcher.grpc.Codec;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/**
 * JSON, by the application's own Jackson. The type is the one that this application declares: nothing is read from the wire to
 * choose one.
 */
final class JacksonCodec<V> implements Codec<V> {

    /** Reads and writes one type. */
    interface Mapping<V> {

        byte[] write(V value) throws Exception;

        V read(byte[] json) throws Exception;
    }

    private static final String JACKSON_3 = "tools.jackson.databind.json.JsonMapper";
    private static final String JACKSON_2 = "com.fasterxml.jackson.databind.ObjectMapper";

    private final Mapping<V> mapping;

    private JacksonCodec(Mapping<V> mapping) {
        this.mapping = mapping;
    }

    /** Whether there is any Jackson. */
    static boolean isAvailable(ClassLoader classLoader) {
        return ClassUtils.isPresent(JACKSON_3, classLoader) || ClassUtils.isPresent(JACKSON_2, classLoader);
    }

    static <V> Codec<V> of(Type type, BeanFactory beans, ClassLoader classLoader) {
        return new JacksonCodec<>(mapping(type, beans, classLoader));
    }

    /** Both may be on the class path: then the application's mapper decides. */
    private static <V> Mapping<V> mapping(Type type, BeanFactory beans, ClassLoader classLoader) {
        boolean has3 = ClassUtils.isPresent(JACKSON_3, classLoader);
        boolean has2 = ClassUtils.isPresent(JACKSON_2, classLoader);
        Mapping<V> mapping = has3 ? Jackson3.ofBean(type, beans) : null;
        if (mapping == null && has2) {
            mapping = Jackson2.ofBean(type, beans);
        }
        if (mapping == null) {
            mapping = has3 ? Jackson3.ofNew(type) : Jackson2.ofNew(type);
        }
        return mapping;
    }

    @Override
    public String name() {
        return "json";
    }

    @Override
    public byte[] encode(V value) throws Exception {
        return mapping.write(value);
    }

    @Override
    public V decode(byte[] bytes) throws Exception {
        return mapping.read(bytes);
    }

    /** The Jackson of Spring Boot 4. */
    private static final class Jackson3 {

        static <V> @Nullable Mapping<V> ofBean(Type type, BeanFactory beans) {
            tools.jackson.databind.json.JsonMapper mapper = beans.getBeanProvider(
                            tools.jackson.databind.json.JsonMapper.class)
                    .getIfAvailable();
            return mapper == null ? null : of(type, mapper);
        }

        static <V> Mapping<V> ofNew(Type type) {
            return of(type, new tools.jackson.databind.json.JsonMapper());
        }

        private static <V> Mapping<V> of(Type type, tools.jackson.databind.json.JsonMapper mapper) {
            tools.jackson.databind.JavaType known = mapper.constructType(type);
            return new Mapping<>() {
                @Override
                public byte[] write(V value) {
                    return mapper.writerFor(known).writeValueAsBytes(value);
                }

                @Override
                public V read(byte[] json) {
                    return mapper.readValue(json, known);
                }
            };
        }
    }

    /** The Jackson of Spring Boot 3. */
    private static final class Jackson2 {

        static <V> @Nullable Mapping<V> ofBean(Type type, BeanFactory beans) {
            com.fasterxml.jackson.databind.ObjectMapper mapper = beans.getBeanProvider(
                            com.fasterxml.jackson.databind.ObjectMapper.class)
                    .getIfAvailable();
            return mapper == null ? null : of(type, mapper);
        }

        static <V> Mapping<V> ofNew(Type type) {
            return of(type, new com.fasterxml.jackson.databind.ObjectMapper());
        }

        private static <V> Mapping<V> of(Type type, com.fasterxml.jackson.databind.ObjectMapper mapper) {
            com.fasterxml.jackson.databind.JavaType known = mapper.constructType(type);
            return new Mapping<>() {
                @Override
                public byte[] write(V value) throws Exception {
                    return mapper.writerFor(known).writeValueAsBytes(value);
                }

                @Override
                public V read(byte[] json) throws Exception {
                    return mapper.readValue(json, known);
                }
            };
        }
    }
}
