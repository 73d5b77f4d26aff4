package dev.understudy.plugins.detectors;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What texts begin and end with in common, cut back to a separator so that no word, number or date is cut in two.
 *
 * @param prefix length of the common beginning, its last separator included
 * @param suffix length of the common end, its first separator included
 */
record Affixes(int prefix, int suffix) {
    static final Affixes NONE = new Affixes(0, 0);

    private static final Pattern DAY =
            Pattern.compile("(?<![0-9])(?:19|20)[0-9]{2}/(?:0[1-9]|1[0-2])(?:/[0-3][0-9])?(?![0-9])");

    static Affixes of(String[] texts) {
        String first = texts[0];
        int prefix = first.length();
        int suffix = first.length();
        int shortest = first.length();
        for (int i = 1; i < texts.length; i++) {
            String text = texts[i];
            shortest = Math.min(shortest, text.length());
            prefix = Math.min(prefix, shortest);
            suffix = Math.min(suffix, shortest);
            int p = 0;
            while (p < prefix && text.charAt(p) == first.charAt(p)) p++;
            prefix = p;
            int s = 0;
            while (s < suffix && text.charAt(text.length() - 1 - s) == first.charAt(first.length() - 1 - s)) s++;
            suffix = s;
        }
        prefix = cutPrefix(first, prefix);
        // Beginning and end must not overlap in the shortest text, and leave something of it.
        suffix = cutSuffix(first, Math.max(0, Math.min(suffix, shortest - prefix - 1)));
        return new Affixes(Math.min(prefix, shortest), suffix);
    }

    private static int cutPrefix(String text, int length) {
        for (int end = length; end > 0; end--)
            if (isSeparator(text.charAt(end - 1)) && !isInsideNumber(text, end - 1)) return end;
        return 0;
    }

    private static int cutSuffix(String text, int length) {
        for (int start = text.length() - length; start < text.length(); start++)
            if (isSeparator(text.charAt(start)) && !isInsideNumber(text, start)) return text.length() - start;
        return 0;
    }

    /** Whether a mark joins digits, as in a date, a time, a decimal fraction or an address. */
    private static boolean isInsideNumber(String text, int at) {
        char mark = text.charAt(at);
        if (mark == '/') return isInsideDay(text, at);
        return mark != ' '
                && at > 0
                && at + 1 < text.length()
                && WordShape.isDigit(text.charAt(at - 1))
                && isNumberUpToSeparator(text, at + 1);
    }

    /** Whether a slash joins year, month and day, as in {@code archive/2026/11/28}. */
    private static boolean isInsideDay(String text, int at) {
        Matcher day = DAY.matcher(text);
        while (day.find()) if (at >= day.start() && at < day.end()) return true;
        return false;
    }

    private static boolean isNumberUpToSeparator(String text, int start) {
        int at = start;
        while (at < text.length() && WordShape.isDigit(text.charAt(at))) at++;
        return at > start && (at == text.length() || isSeparator(text.charAt(at)));
    }

    static boolean isSeparator(char c) {
        return switch (c) {
            case '/',
                    '.',
                    '-',
                    '_',
                    '=',
                    ':',
                    ',',
                    ' ',
                    '(',
                    ')',
                    '[',
                    ']',
                    '{',
                    '}',
                    '<',
                    '>',
                    '"',
                    '\'',
                    '#',
                    '@',
                    ';',
                    '|',
                    '&',
                    '?',
                    '\n',
                    '\t' -> true;
            default -> false;
        };
    }
}
