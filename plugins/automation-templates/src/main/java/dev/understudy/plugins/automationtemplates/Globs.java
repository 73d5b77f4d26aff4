package dev.understudy.plugins.automationtemplates;

/** Wildcards as the shell reads them. */
final class Globs {
    private Globs() {}

    static boolean hasWildcard(String text) {
        return firstWildcard(text) >= 0;
    }

    /** Where the first wildcard stands, or -1. */
    static int firstWildcard(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*' || c == '?' || c == '[') return i;
        }
        return -1;
    }

    /** A name that the last part of a pattern matches, for example {@code example.log} for {@code *.log}. */
    static String example(String pattern, String stem) {
        var name = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            switch (c) {
                case '*' -> {
                    name.append(stem);
                    while (i + 1 < pattern.length() && pattern.charAt(i + 1) == '*') i++;
                }
                case '?' -> name.append('1');
                case '[' -> {
                    int close = pattern.indexOf(']', i + 2);
                    char first = i + 1 < pattern.length() ? pattern.charAt(i + 1) : ']';
                    if (close < 0) name.append(c);
                    else {
                        // A negated set matches anything but its members; an underscore is in hardly any.
                        name.append(first == '!' || first == '^' ? '_' : first);
                        i = close;
                    }
                }
                default -> name.append(c);
            }
        }
        return name.toString();
    }
}
