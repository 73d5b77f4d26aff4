package dev.understudy.plugins.automationtemplates;

import java.util.Set;

/** Wildcards as {@code understudy.files.glob} reads them, and as far as the shells have them in common. */
final class Globs {
    private Globs() {}

    static boolean hasWildcard(String text) {
        return firstWildcard(text) >= 0;
    }

    /** Where the first wildcard stands, or -1; a bracket that nothing closes in the same name is none. */
    static int firstWildcard(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') i++;
            else if (c == '*' || c == '?' || (c == '[' && endOfSet(text, i) >= 0)) return i;
        }
        return -1;
    }

    /** Where the set that begins at a bracket is closed; -1 if nowhere in the same name. */
    static int endOfSet(String text, int open) {
        int at = open + 1;
        if (at < text.length() && (text.charAt(at) == '!' || text.charAt(at) == '^')) at++;
        // A bracket that closes stands for itself at the beginning.
        if (at < text.length() && text.charAt(at) == ']') at++;
        while (at < text.length() && text.charAt(at) != ']' && text.charAt(at) != '/') {
            int end = text.startsWith("[:", at) ? text.indexOf(":]", at + 2) : -1;
            at = end < 0 ? at + 1 : end + 2;
        }
        return at < text.length() && text.charAt(at) == ']' ? at : -1;
    }

    /** A name that the last part of a pattern matches, for example {@code example.log} for {@code *.log}. */
    static String example(String pattern, String stem) {
        var name = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int close = c == '[' ? endOfSet(pattern, i) : -1;
            if (c == '*') {
                name.append(stem);
                while (i + 1 < pattern.length() && pattern.charAt(i + 1) == '*') i++;
            } else if (c == '?') {
                name.append('1');
            } else if (close >= 0) {
                name.append(member(pattern.substring(i + 1, close)));
                i = close;
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }

    private static final Set<String> LETTERS = Set.of("[:alpha:]", "[:alnum:]", "[:lower:]", "[:xdigit:]", "[:graph:]");

    /** A character that a set holds. */
    private static char member(String set) {
        // A negated set matches anything but its members; an underscore is in hardly any.
        if (set.startsWith("!") || set.startsWith("^")) return '_';
        if (set.startsWith("[:")) {
            String name = set.substring(0, set.indexOf(":]") + 2);
            return LETTERS.contains(name) ? 'a' : name.equals("[:upper:]") ? 'A' : name.equals("[:digit:]") ? '1' : '_';
        }
        return set.charAt(0);
    }
}
