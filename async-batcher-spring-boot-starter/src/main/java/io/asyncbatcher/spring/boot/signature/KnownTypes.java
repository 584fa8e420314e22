package io.asyncbatcher.spring.boot.signature;

import io.asyncbatcher.spring.boot.introspect.BeanTypes;
import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import java.lang.reflect.Method;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.stream.Stream;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/** Reads types of a method's signature that have to be known, because clients are injected by them. */
final class KnownTypes {

    private KnownTypes() {}

    /** The type of a parameter, or with index -1 of what the method returns, with generics as far as they are known. */
    static ResolvableType of(Method method, int index, ResolvableType beanType) {
        return ResolvableType.forMethodParameter(new MethodParameter(method, index), beanType);
    }

    /** The type of an element of an array or another container. */
    static ResolvableType element(Method method, String place, ResolvableType type) {
        return require(method, place, type, type.isArray() ? type.getComponentType() : type.getGeneric(0));
    }

    /** Rejects what is not known at all, and type variables in it: nobody could inject a client for them. */
    static ResolvableType require(Method method, String place, ResolvableType whole, ResolvableType part) {
        ResolvableType bound = part;
        // Kotlin writes List<out T>, which Java reads as List<? extends T>.
        if (part.getType() instanceof WildcardType wildcard && wildcard.getUpperBounds()[0] != Object.class) {
            bound = ResolvableType.forType(wildcard.getUpperBounds()[0], whole);
        }
        Class<?> type = bound.resolve();
        if (type == null || hasVariables(bound)) {
            throw MethodMessages.notBatched(
                    method,
                    "the types in its " + place + " " + whole + " are not known",
                    "Write them out, as in List<Long>, and declare the bean with its class's type arguments");
        }
        return BeanTypes.boxed(bound);
    }

    /** Whether a type argument is a variable that nobody resolves. Wildcards and raw types can be injected as they are. */
    private static boolean hasVariables(ResolvableType type) {
        if (type.isArray()) {
            return hasVariables(type.getComponentType());
        }
        for (ResolvableType argument : type.getGenerics()) {
            if (argument.getType() instanceof WildcardType wildcard) {
                if (Stream.of(wildcard.getLowerBounds(), wildcard.getUpperBounds())
                        .flatMap(Stream::of)
                        .map(bound -> ResolvableType.forType(bound, argument))
                        .anyMatch(bound -> isVariable(bound) || hasVariables(bound))) {
                    return true;
                }
            } else if (!isOfRawType(argument, type) && (isVariable(argument) || hasVariables(argument))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isVariable(ResolvableType type) {
        return type.getType() instanceof TypeVariable && type.resolve() == null;
    }

    private static boolean isOfRawType(ResolvableType argument, ResolvableType type) {
        return argument.getType() instanceof TypeVariable<?> variable
                && variable.getGenericDeclaration() == type.resolve();
    }
}
