package dev.understudy.core.system;

import java.util.HashMap;
import java.util.Map;

/**
 * The locale that the person's own programs run in. The launcher gives Java another where theirs has no UTF-8 (Java takes
 * names in no other way), and says by a property what was set before.
 */
public final class PersonsLocale {
    private static final String BEFORE = "understudy.locale";
    private static final String VARIABLE = "LC_ALL";

    private PersonsLocale() {}

    /** This process's environment with the person's own locale. */
    public static Map<String, String> environment() {
        var environment = new HashMap<>(System.getenv());
        restore(environment);
        return environment;
    }

    /** Gives a program that is started for the person, in their own environment, their own locale again. */
    public static void restore(Map<String, String> environment) {
        String before = System.getProperty(BEFORE);
        if (before == null) return;
        if (before.isEmpty()) environment.remove(VARIABLE);
        else environment.put(VARIABLE, before);
    }
}
