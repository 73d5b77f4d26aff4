package dev.understudy.core.history;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells that a value under a name that says nothing ({@code value}, {@code text}) is a secret, by what stands beside it: the
 * task's type ({@code insertValue_password}), or the field, label or selector into which it was typed.
 */
final class SecretHint {
    /** Last parts of names that say of a value only that it is one. */
    private static final List<String> SAY_NOTHING = List.of(
            "value",
            "values",
            "text",
            "input",
            "data",
            "content",
            "contents",
            "string",
            "entry",
            "entered",
            "typed",
            "keys",
            "characters",
            "chars");

    /** Names under which recordings say into what a value went. */
    private static final Set<String> SAY_WHERE = Set.of(
            "name",
            "field",
            "field_name",
            "label",
            "element",
            "selector",
            "selectors",
            "target",
            "id",
            "key",
            "variable",
            "xpath",
            "css",
            "locator",
            "placeholder",
            "control",
            "input_type",
            "type",
            "kind");

    /** Parts of a type that say so wherever they stand in it; a token is counted and parsed as often as it is typed. */
    private static final Pattern PASSWORD =
            Pattern.compile("passw(?:or)?ds?|passphrases?|passcodes?|pwd|secrets?|credentials?");

    private static final Pattern PART = Pattern.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+");
    private static final Pattern LAST_NAME = Pattern.compile("([A-Za-z0-9_.-]*[A-Za-z0-9])[^A-Za-z0-9]{0,4}$");
    private static final int MAX_LENGTH = 300;
    private static final int MAX_NESTING = 3;

    private SecretHint() {}

    /** Under which name a value is to be judged: its own, unless that says nothing and something beside it does. */
    static String judged(String name, String hint) {
        return !hint.isEmpty() && saysNothing(name) ? hint : name;
    }

    /** Asked of every name of every task, so it makes nothing. */
    private static boolean saysNothing(String name) {
        int end = name.length();
        while (end > 0 && Character.isDigit(name.charAt(end - 1))) end--;
        for (String word : SAY_NOTHING) {
            int start = end - word.length();
            if (start < 0 || !name.regionMatches(true, start, word, 0, word.length())) continue;
            boolean begins = start == 0
                    || !Character.isLetterOrDigit(name.charAt(start - 1))
                    || Character.isUpperCase(name.charAt(start));
            if (begins) return true;
        }
        return false;
    }

    /** A secret's name, if a task's type says that what it is about is one; else empty. */
    static String ofType(String type) {
        if (type.length() > MAX_LENGTH) return "";
        Matcher parts = PART.matcher(type);
        while (parts.find())
            if (PASSWORD.matcher(parts.group().toLowerCase(Locale.ROOT)).matches()) return "password";
        return SecretName.matches(type) ? type : "";
    }

    /** A secret's name, if one of these fields says that another of them holds one; else empty. */
    static String ofFields(Map<String, ?> fields) {
        if (fields.size() < 2) return "";
        boolean any = false;
        for (String name : fields.keySet()) any |= saysNothing(name);
        if (!any) return "";
        for (Map.Entry<String, ?> field : fields.entrySet()) {
            if (!SAY_WHERE.contains(field.getKey().toLowerCase(Locale.ROOT))) continue;
            String hint = ofText(field.getValue(), 0);
            if (!hint.isEmpty()) return hint;
        }
        return "";
    }

    private static String ofText(Object value, int nesting) {
        return switch (value) {
            case String text -> {
                // Of a selector the last name in it: input[name="password"].
                Matcher last = LAST_NAME.matcher(text.length() > MAX_LENGTH ? "" : text);
                yield last.find() && SecretName.matches(last.group(1)) ? last.group(1) : "";
            }
            case List<?> items -> {
                for (Object item : items) {
                    String hint = nesting < MAX_NESTING ? ofText(item, nesting + 1) : "";
                    if (!hint.isEmpty()) yield hint;
                }
                yield "";
            }
            default -> "";
        };
    }
}
