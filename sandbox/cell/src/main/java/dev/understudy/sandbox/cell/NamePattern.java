package dev.understudy.sandbox.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A pattern for one name in a path, as the shells have it in common (POSIX.1-2024, Shell Command Language, 2.14): any text
 * for {@code *}, any character for {@code ?}, a set in brackets, which {@code !} or {@code ^} at its beginning negates and
 * in which {@code [:alpha:]} and the like stand for classes; a backslash takes a character's meaning away. A bracket that is
 * not closed is a bracket. A name that begins with a dot matches only a pattern that does.
 */
final class NamePattern {
    private static final String MEANING = "*?[";

    private final Pattern names;
    private final boolean hidden;

    private NamePattern(Pattern names, boolean hidden) {
        this.names = names;
        this.hidden = hidden;
    }

    static NamePattern of(String pattern) {
        var regex = new StringBuilder();
        int at = 0;
        while (at < pattern.length()) {
            int point = pattern.codePointAt(at);
            at += Character.charCount(point);
            switch (point) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '[' -> {
                    int end = endOfSet(pattern, at);
                    if (end < 0) regex.append("\\[");
                    else {
                        set(pattern.substring(at, end), regex);
                        at = end + 1;
                    }
                }
                case '\\' -> {
                    int next = at < pattern.length() ? pattern.codePointAt(at) : '\\';
                    if (at < pattern.length()) at += Character.charCount(next);
                    literal(next, regex);
                }
                default -> literal(point, regex);
            }
        }
        boolean hidden = pattern.startsWith(".") || pattern.startsWith("\\.");
        return new NamePattern(Pattern.compile(regex.toString(), Pattern.DOTALL), hidden);
    }

    boolean matches(String name) {
        return (hidden || !name.startsWith(".")) && names.matcher(name).matches();
    }

    /** Whether the text is more than a name. */
    static boolean isPattern(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') i++;
            else if (c == '[' ? endOfSet(text, i + 1) >= 0 : MEANING.indexOf(c) >= 0) return true;
        }
        return false;
    }

    /** The name that a text without wildcards stands for. */
    static String plain(String text) {
        var name = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 1 < text.length()) i++;
            name.append(text.charAt(i));
        }
        return name.toString();
    }

    /** A pattern that matches this text alone. */
    static String escape(String text) {
        return text.replaceAll("[*?\\[\\\\{]", "\\\\$0");
    }

    /** The patterns that a text with alternatives in braces stands for, in their order. */
    static List<String> alternatives(String text) {
        int depth = 0;
        int open = -1;
        var commas = new ArrayList<Integer>();
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case '{' -> {
                    if (depth++ == 0) {
                        open = i;
                        commas.clear();
                    }
                }
                case ',' -> {
                    if (depth == 1) commas.add(i);
                }
                case '}' -> {
                    if (depth == 0 || --depth > 0) continue;
                    if (commas.isEmpty()) continue;
                    commas.add(i);
                    var all = new ArrayList<String>();
                    int from = open + 1;
                    for (int comma : commas) {
                        String one = text.substring(0, open) + text.substring(from, comma) + text.substring(i + 1);
                        all.addAll(alternatives(one));
                        from = comma + 1;
                    }
                    return all;
                }
                default -> {}
            }
        }
        return List.of(text);
    }

    /** Where the set that begins here is closed; -1 if nowhere. */
    private static int endOfSet(String text, int start) {
        int at = start;
        if (at < text.length() && (text.charAt(at) == '!' || text.charAt(at) == '^')) at++;
        // A bracket that closes stands for itself at the beginning.
        if (at < text.length() && text.charAt(at) == ']') at++;
        while (at < text.length() && text.charAt(at) != ']') {
            if (text.charAt(at) == '\\') at++;
            else if (text.startsWith("[:", at)) {
                int end = text.indexOf(":]", at + 2);
                if (end >= 0) at = end + 1;
            }
            at++;
        }
        return at < text.length() ? at : -1;
    }

    private static void set(String set, StringBuilder regex) {
        int at = 0;
        boolean negated = set.startsWith("!") || set.startsWith("^");
        if (negated) at++;
        var members = new StringBuilder();
        while (at < set.length()) {
            int end = set.startsWith("[:", at) ? set.indexOf(":]", at + 2) : -1;
            if (end >= 0) {
                members.append(characterClass(set.substring(at + 2, end)));
                at = end + 2;
                continue;
            }
            if (set.charAt(at) == '\\' && at + 1 < set.length()) at++;
            int first = set.codePointAt(at);
            at += Character.charCount(first);
            boolean range = at + 1 < set.length() && set.charAt(at) == '-';
            if (!range) {
                literal(first, members);
                continue;
            }
            at++;
            if (set.charAt(at) == '\\' && at + 1 < set.length()) at++;
            int last = set.codePointAt(at);
            at += Character.charCount(last);
            // One that runs backwards holds nothing.
            if (first > last) continue;
            literal(first, members);
            members.append('-');
            literal(last, members);
        }
        if (members.isEmpty()) regex.append(negated ? "." : "(?!)");
        else regex.append(negated ? "[^" : "[").append(members).append(']');
    }

    private static String characterClass(String name) {
        return switch (name) {
            case "alpha" -> "\\p{IsAlphabetic}";
            case "digit" -> "0-9";
            case "alnum" -> "\\p{IsAlphabetic}\\p{IsDigit}";
            case "upper" -> "\\p{IsUppercase}";
            case "lower" -> "\\p{IsLowercase}";
            case "space" -> "\\p{IsWhite_Space}";
            case "punct" -> "\\p{IsPunctuation}\\p{S}";
            case "blank" -> " \\t";
            case "cntrl" -> "\\p{Cntrl}";
            case "xdigit" -> "0-9A-Fa-f";
            case "print" -> "\\P{Cntrl}";
            case "graph" -> "\\p{Graph}";
            // No shell knows another; a set of it alone matches nothing.
            default -> "";
        };
    }

    private static void literal(int point, StringBuilder regex) {
        regex.append(String.format(Locale.ROOT, "\\x{%x}", point));
    }
}
