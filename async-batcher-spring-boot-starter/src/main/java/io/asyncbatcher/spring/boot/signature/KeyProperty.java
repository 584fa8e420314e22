package io.asyncbatcher.spring.boot.signature;

import io.asyncbatcher.spring.boot.introspect.BeanTypes;
import java.beans.PropertyDescriptor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;

/**
 * A property by which results and items are matched: a record component, a getter, a public method without parameters or a
 * public field of that name.
 *
 * @param member the method or field that is read
 * @param type what it gives; a wrapper where that is a primitive
 */
record KeyProperty(Member member, ResolvableType type) {

    private static final Set<String> NO_PROPERTIES =
            Set.of("hashCode", "toString", "clone", "notify", "notifyAll", "wait");

    /** All of a type by their names. */
    static Map<String, KeyProperty> of(ResolvableType owner) {
        Map<String, KeyProperty> properties = new TreeMap<>();
        Class<?> type = owner.toClass();
        // What a proxy of the object passes on comes last, and replaces what it doesn't.
        for (Field field : type.getFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                properties.put(
                        field.getName(),
                        new KeyProperty(field, BeanTypes.boxed(ResolvableType.forField(field, owner))));
            }
        }
        for (Method method : type.getMethods()) {
            if (isAccessor(method) && !method.getName().matches("(get|is)\\p{Lu}.*")) {
                properties.put(method.getName(), of(method, owner));
            }
        }
        for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
            Method getter = property.getReadMethod();
            if (getter != null && isAccessor(getter)) {
                properties.put(property.getName(), of(getter, owner));
            }
        }
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                properties.put(component.getName(), of(component.getAccessor(), owner));
            }
        }
        return properties;
    }

    private static boolean isAccessor(Method method) {
        return method.getParameterCount() == 0
                && method.getReturnType() != void.class
                && !Modifier.isStatic(method.getModifiers())
                && method.getDeclaringClass() != Object.class
                && !NO_PROPERTIES.contains(method.getName());
    }

    private static KeyProperty of(Method method, ResolvableType owner) {
        return new KeyProperty(
                method, BeanTypes.boxed(ResolvableType.forMethodParameter(new MethodParameter(method, -1), owner)));
    }

    /** The properties and their types for messages. */
    static String describe(Map<String, KeyProperty> properties) {
        return properties.isEmpty()
                ? "none"
                : properties.entrySet().stream()
                        .map(property ->
                                property.getKey() + " (" + property.getValue().type() + ")")
                        .collect(Collectors.joining(", "));
    }

    /** Reads it; what the method throws comes out as it is. */
    @Nullable
    Object read(Object owner) {
        if (member instanceof Method method) {
            return ReflectionUtils.invokeMethod(method, owner);
        }
        return ReflectionUtils.getField((Field) member, owner);
    }

    /** The same, readable where its class is package-private. */
    KeyProperty accessible() {
        if (member instanceof Method method) {
            ReflectionUtils.makeAccessible(method);
        } else {
            ReflectionUtils.makeAccessible((Field) member);
        }
        return this;
    }

    /** Whether a value of this property may equal one of another type. */
    boolean mayEqual(ResolvableType other) {
        Class<?> own = type.resolve();
        Class<?> others = other.resolve();
        return own == null
                || others == null
                || (!own.isArray() && (own.isAssignableFrom(others) || others.isAssignableFrom(own)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyProperty property && member.equals(property.member);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(member);
    }
}
