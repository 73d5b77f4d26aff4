package dev.understudy.core.history;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells of what stands in a secret's place whether it is one: a variable's name or a file's path gives nothing away. */
final class SecretValue {

    private static final Set<String> NO_SECRETS = Set.of(
            "",
            "-",
            "true",
            "false",
            "null",
            "none",
            "nil",
            "undefined",
            "yes",
            "no",
            "on",
            "off",
            "required",
            "optional",
            "string",
            "str",
            "text",
            "password",
            "passwd",
            "secret",
            "token");

    private static final Pattern PATH =
            Pattern.compile("(?:~|\\.{1,2})?(?:/[A-Za-z0-9._@%+-]+){2,20}/?|(?:~|\\.{1,2})/[^\\s]{1,300}");

    private SecretValue() {}

    static boolean in(String name, String value) {
        if (value.startsWith(SecretRedactor.MASK)) return false;
        if (NO_SECRETS.contains(value.toLowerCase(Locale.ROOT))) return false;
        char first = value.charAt(0);
        if (first == '$' || first == '`' || first == '%' || value.startsWith("{{") || value.startsWith("***"))
            return false;
        // A call in code: the secret is what it returns.
        if (value.endsWith("(") || value.endsWith("()")) return false;
        boolean mayNameAFile = !SecretName.coversNumbers(name);
        return !(mayNameAFile && PATH.matcher(value).matches());
    }
}
