package io.asyncbatcher.benchmarks.startup;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Makes many classes of one, as an application has many: each is its template with other digits in its names. */
public final class BeanClasses {

    private static final String DIGITS = "000";

    private BeanClasses() {}

    /**
     * Makes classes.
     *
     * @param template the simple name of a class of this package, without the {@code 000} at its end
     * @param count how many, at most 999
     */
    public static List<Class<?>> of(String template, int count) throws IOException, IllegalAccessException {
        byte[] bytes;
        try (InputStream file =
                Objects.requireNonNull(BeanClasses.class.getResourceAsStream(template + DIGITS + ".class"))) {
            bytes = file.readAllBytes();
        }
        List<Class<?>> classes = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            // One character a byte: what isn't text stays as it is.
            String renamed = new String(bytes, StandardCharsets.ISO_8859_1).replace(DIGITS, "%03d".formatted(i));
            classes.add(MethodHandles.lookup().defineClass(renamed.getBytes(StandardCharsets.ISO_8859_1)));
        }
        return classes;
    }
}
