package dev.understudy.core.history;

import java.util.Locale;
import java.util.Set;

/** Tells by the name of a variable, option, field or parameter whether it holds a secret. */
final class SecretName {

    /** What makes a secret's name if it is the last part of it. */
    private static final Set<String> LAST_PARTS = Set.of(
            "password",
            "passwords",
            "passwd",
            "passphrase",
            "pass",
            "pwd",
            "passcode",
            "secret",
            "token",
            "apikey",
            "credential",
            "credentials",
            "userpass",
            "dbpass",
            "pgpass");

    /** Endings of names that are written without separators, such as {@code PGPASSWORD} and {@code accessToken}. */
    private static final String[] ENDINGS = {
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "apikey",
        "accesskey",
        "secretkey",
        "privatekey",
        "storepass",
        "keypass"
    };

    /** What makes a key a secret one: an {@code api_key} is, a {@code primary_key} is not. */
    private static final Set<String> BEFORE_KEY = Set.of(
            "api",
            "access",
            "secret",
            "private",
            "auth",
            "encryption",
            "account",
            "storage",
            "master",
            "client",
            "app",
            "service",
            "license",
            "deploy",
            "shared",
            "signature",
            "hmac",
            "session",
            "functions",
            "admin");

    private SecretName() {}

    static boolean matches(String name) {
        int end = name.length();
        while (end > 0 && Character.isDigit(name.charAt(end - 1))) end--;
        int lastStart = partStart(name, end);
        if (lastStart >= end) return false;
        String last = name.substring(lastStart, end).toLowerCase(Locale.ROOT);
        String before = partBefore(name, lastStart);
        if (before.equals("no") || before.equals("without")) return false;
        if (last.equals("pwd")) return !name.equals("PWD") && !name.equals("OLDPWD");
        if (LAST_PARTS.contains(last)) return true;
        if (last.equals("key")) return BEFORE_KEY.contains(before);
        String joined = name.substring(0, end).toLowerCase(Locale.ROOT);
        for (String ending : ENDINGS) if (joined.endsWith(ending)) return true;
        return false;
    }

    /** Like {@link #matches}, for the name of a field, which may be a header's. */
    static boolean matchesField(String name) {
        return matches(name)
                || name.equalsIgnoreCase("authorization")
                || name.equalsIgnoreCase("proxy-authorization")
                || name.equalsIgnoreCase("cookie")
                || name.equalsIgnoreCase("set-cookie");
    }

    /** Whether even a number under this name is a secret, as a password may be and a token count is not. */
    static boolean coversNumbers(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.contains("passw")
                || lower.contains("passphrase")
                || lower.endsWith("secret")
                || lower.endsWith("passcode");
    }

    private static String partBefore(String name, int start) {
        int end = start;
        while (end > 0 && separator(name.charAt(end - 1))) end--;
        return name.substring(partStart(name, end), end).toLowerCase(Locale.ROOT);
    }

    /** Where the part that ends at {@code end} begins: after a separator, or where a lower-case letter meets a capital. */
    private static int partStart(String name, int end) {
        int start = end;
        while (start > 0) {
            char c = name.charAt(start - 1);
            if (separator(c)) break;
            boolean hump = start < end && Character.isUpperCase(name.charAt(start)) && Character.isLowerCase(c);
            if (hump) break;
            start--;
        }
        return start;
    }

    private static boolean separator(char c) {
        return c == '_' || c == '-' || c == '.' || c == ' ' || c == ':' || c == '/';
    }
}
