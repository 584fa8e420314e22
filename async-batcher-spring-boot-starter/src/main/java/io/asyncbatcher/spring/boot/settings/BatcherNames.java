package io.asyncbatcher.spring.boot.settings;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.util.StringUtils;

/**
 * Compares names of batchers as properties are compared: names that differ only in case, dashes and underscores are the
 * same, since one property sets the options of both.
 */
public final class BatcherNames {

    private static final Pattern SEPARATOR = Pattern.compile("[-_]+(.?)");

    private BatcherNames() {}

    /** A text that two names share if they are the same. */
    public static String key(String name) {
        return SEPARATOR.matcher(name).replaceAll("$1").toLowerCase(Locale.ROOT);
    }

    /** Whether two names are the same. */
    public static boolean areSame(String one, String other) {
        return key(one).equals(key(other));
    }

    /** The name as it may be written elsewhere: as it is, as a parameter, and as a property. */
    public static Set<String> spellings(String name) {
        String parameter = parameter(name);
        Set<String> spellings = new LinkedHashSet<>();
        spellings.add(name);
        spellings.add(parameter);
        spellings.add(OptionNames.property(parameter));
        return spellings;
    }

    /** The name as a parameter or a field has it: {@code user-by-id} becomes {@code userById}. */
    public static String parameter(String name) {
        return StringUtils.uncapitalizeAsProperty(
                SEPARATOR.matcher(name).replaceAll(part -> part.group(1).toUpperCase(Locale.ROOT)));
    }
}
