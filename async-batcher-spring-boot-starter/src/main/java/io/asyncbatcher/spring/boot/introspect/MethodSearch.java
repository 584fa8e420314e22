package io.asyncbatcher.spring.boot.introspect;

import java.lang.annotation.Annotation;
import java.lang.annotation.AnnotationFormatError;
import java.lang.reflect.Method;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the methods of a class that have an annotation, theirs or inherited, itself or one that has it in turn. Every bean's
 * class is searched when an application starts, and nearly none has such a method: it is ruled out by the annotations as
 * they are written, before Spring's thorough search begins.
 */
public final class MethodSearch {

    private static final Log log = LogFactory.getLog(MethodSearch.class);

    private MethodSearch() {}

    /** The methods for which the lookup gives something; none if the class can't be read. */
    public static <V> Map<Method, V> select(
            Class<?> type, Class<? extends Annotation> annotation, MethodIntrospector.MetadataLookup<V> lookup) {
        try {
            return isWritten(type, annotation) ? MethodIntrospector.selectMethods(type, lookup) : Map.of();
        } catch (IllegalStateException | LinkageError e) {
            // A class with an optional dependency that is missing; it can't be a bean with methods of ours either.
            log.debug("The methods of " + type.getName() + " can't be read", e);
            return Map.of();
        }
    }

    /** Whether a method of the class has it, or one of those that it inherits or implements. */
    private static boolean isWritten(Class<?> type, Class<? extends Annotation> annotation) {
        // Spring's own classes, among them configurations with many annotations, have none of ours.
        if (!AnnotationUtils.isCandidateClass(type, annotation)
                || type.getName().startsWith("org.springframework.boot.")) {
            return false;
        }
        for (Method method : ReflectionUtils.getDeclaredMethods(type)) {
            if (isWritten(method, annotation)) {
                return true;
            }
        }
        for (Class<?> inherited : type.getInterfaces()) {
            if (isWritten(inherited, annotation)) {
                return true;
            }
        }
        return type.getSuperclass() != null && isWritten(type.getSuperclass(), annotation);
    }

    private static boolean isWritten(Method method, Class<? extends Annotation> annotation) {
        try {
            for (Annotation written : method.getDeclaredAnnotations()) {
                Class<? extends Annotation> other = written.annotationType();
                if (other == annotation || AnnotatedElementUtils.isAnnotated(other, annotation)) {
                    return true;
                }
            }
            return false;
        } catch (RuntimeException | LinkageError | AnnotationFormatError e) {
            // An annotation that needs what is missing here. Spring reads around it, so it has to look.
            log.debug("The annotations of " + method + " can't be read", e);
            return true;
        }
    }
}
