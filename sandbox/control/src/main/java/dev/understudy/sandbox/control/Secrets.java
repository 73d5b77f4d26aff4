package dev.understudy.sandbox.control;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The secrets that a run was granted, by their names. Whatever prints it prints names alone.
 *
 * <p>Scripts in JavaScript and Python ask for one with {@code understudy.secret(name)}; Bash, AppleScript and native scripts
 * find it in the variable {@code SECRET_} and its name.
 */
public final class Secrets {
    public static final Secrets NONE = new Secrets(Map.of());

    /** How a name must be written, for people. */
    public static final String FORM = "capital letters, digits and '_', a letter first, at most 64, like API_TOKEN";

    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");
    private static final String VARIABLE = "SECRET_";

    private final Map<String, String> values;

    private Secrets(Map<String, String> values) {
        values.keySet().forEach(Secrets::requireName);
        this.values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    private static void requireName(String name) {
        if (!isName(name)) throw new IllegalArgumentException("a secret's name must be " + FORM + ", was " + name);
    }

    /** Secrets with their values. */
    public static Secrets of(Map<String, String> values) {
        return values.isEmpty() ? NONE : new Secrets(values);
    }

    /** For rehearsals: what stands for each value tells which one it stands for, and is worth nothing to anybody. */
    public static Secrets standIns(Collection<String> names) {
        var values = new TreeMap<String, String>();
        for (String name : names) values.put(name, "stand-in-for-" + name);
        return of(values);
    }

    /** Whether a secret may be called so. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** In their order. */
    public Set<String> names() {
        return values.keySet();
    }

    /** The value; empty if it was not granted. */
    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** All values. */
    public List<String> values() {
        return List.copyOf(values.values());
    }

    /** The variables in which programs find them. */
    public Map<String, String> variables() {
        var variables = new TreeMap<String, String>();
        values.forEach((name, value) -> variables.put(VARIABLE + name, value));
        return variables;
    }

    /** What a script is told that asks for one that it was not granted. */
    public static String notGranted(String name) {
        // The name comes from the script, and may be anything.
        return isName(name)
                ? "not allowed: secret '" + name + "' is not granted; grants.secrets = [\"" + name
                        + "\"] would allow it"
                : "not allowed: a secret's name is " + FORM;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secrets secrets && values.equals(secrets.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.keySet().toString();
    }
}
