package io.asyncbatcher.spring.boot.introspect;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/** Which methods the subclass that is a class's proxy can't override, so that a call of them runs in the proxy itself. */
public final class Overrides {

    private static final int VISIBLE_ELSEWHERE = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.PRIVATE;

    private Overrides() {}

    /**
     * Whether a method is package-private in a class that is in another package than the proxied one, which is that of
     * the proxy.
     */
    public static boolean areBarredByPackage(Method method, Class<?> proxied) {
        Class<?> declaring = method.getDeclaringClass();
        return (method.getModifiers() & VISIBLE_ELSEWHERE) == 0
                && (!declaring.getPackageName().equals(proxied.getPackageName())
                        || declaring.getClassLoader() != proxied.getClassLoader());
    }
}
