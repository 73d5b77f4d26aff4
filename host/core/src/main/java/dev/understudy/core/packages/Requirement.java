package dev.understudy.core.packages;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A requirement by PEP 508: {@code name[extra]>=1,<2; python_version < "3.13"}.
 *
 * @param name normalised by PEP 503
 * @param range by PEP 440
 * @param marker in which surroundings it is one; empty for all
 */
record Requirement(String name, Set<String> extras, String range, String marker) {
    private static final String NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?";
    private static final Pattern FORM =
            Pattern.compile("\\s*(" + NAME + ")\\s*(?:\\[([^\\]]*)\\])?\\s*(\\(?[^;@]*?\\)?)\\s*(?:;\\s*(.*?))?\\s*");

    Requirement {
        extras = Set.copyOf(extras);
    }

    /** @throws IllegalArgumentException if it is none that can be looked for */
    static Requirement parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.contains("@"))
            throw new IllegalArgumentException("'" + text + "' names an address, and only an index has hashes");
        if (!form.matches()) throw new IllegalArgumentException("'" + text + "' is no requirement of a package");
        String range = form.group(3).replaceAll("^\\(|\\)$", "").strip();
        try {
            PythonRange.parse(range);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is no requirement of a package: " + e.getMessage(), e);
        }
        var extras = new TreeSet<String>();
        if (form.group(2) != null)
            Arrays.stream(form.group(2).split(",", -1))
                    .map(Requirement::normalised)
                    .filter(extra -> !extra.isEmpty())
                    .forEach(extras::add);
        String marker = form.group(4) == null ? "" : form.group(4);
        // So that a mistake in it is met here.
        Marker.holds(marker, Set.of());
        return new Requirement(normalised(form.group(1)), extras, range, marker);
    }

    static String normalised(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
    }

    Want wantedBy(String by) {
        return new Want(name, range, extras, by);
    }
}
