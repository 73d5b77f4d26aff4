package dev.understudy.plugins.automationtemplates;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * By what rules programs order text: locale(7). Scripts order by character codes in every locale; what another does ("ä"
 * after "a", letters before case) depends on the version of the machine's C library.
 */
record Collation(String setting, String locale) {
    /** The locales that order by character codes; glibc's C.UTF-8 does so since it has one. */
    private static final Set<String> BY_CODES = Set.of("", "C", "POSIX", "C.UTF-8", "C.utf8");

    /** What an environment says. */
    static Collation in(Map<String, String> environment) {
        return Stream.of("LC_ALL", "LC_COLLATE", "LANG")
                .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                .findFirst()
                .map(name -> new Collation(name, environment.getOrDefault(name, "")))
                .orElse(new Collation("LANG", ""));
    }

    static boolean isByCodes(String locale) {
        return BY_CODES.contains(locale);
    }

    /** Fails if the person's programs order in a way that no script does. */
    void requireByCodes(String program) throws NotAutomatable {
        if (!isByCodes(locale))
            throw NotAutomatable.mine(program + " orders by the rules of a language here (" + setting + "=" + locale
                    + "), and scripts by character codes, as LC_ALL=C " + program + " does");
    }
}
