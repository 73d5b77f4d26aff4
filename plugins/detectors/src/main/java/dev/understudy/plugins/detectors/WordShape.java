package dev.understudy.plugins.detectors;

import java.util.Set;

/**
 * What kind of word a word is, at three levels of detail.
 *
 * <p>Level 0 keeps folder and extension of a path and the host of a URL, level 1 the extension only, level 2 neither.
 * Options, operators and the names of parts that do not vary by nature are kept literally at every level. A reader reads
 * one word at a time and is reused.
 */
final class WordShape {
    static final int LEVELS = 3;

    private static final Set<String> OPERATORS = Set.of(
            "|", "||", "|&", "&", "&&", ";", ";;", "<", "<<", "<<-", "<<<", "<>", ">", ">>", ">|", ">&", "<&", "&>",
            "&>>", "(", ")", "{", "}", "!", "2>", "2>>", "1>", "1>>", "2>&1", "1>&2", ">&2", "2>|");
    private static final Set<String> SPECIAL = Set.of(".", "..", "-", "~", "/", "--");

    static final long WORD = Hash.of("word");
    private static final long NUMBER = Hash.of("number");
    private static final long DATE = Hash.of("date");
    private static final long URL = Hash.of("url");
    private static final long GLOB = Hash.of("glob");
    private static final long TEXT = Hash.of("text");
    private static final long LITERAL = Hash.of("literal");
    private static final long OPTION = Hash.of("option");

    /** Operators after which the name of a program comes. */
    private static final Set<String> BEFORE_A_PROGRAM = Set.of("|", "||", "|&", "&", "&&", ";", "(", "{", "!");

    private final long[] hashes = new long[LEVELS];
    private boolean text;
    private boolean beforeProgram;

    /** Begins a command line's arguments. */
    void startArguments() {
        beforeProgram = false;
    }

    /** Reads the next word of a command line. */
    void readArgument(String word) {
        text = false;
        boolean program = beforeProgram;
        beforeProgram = isBeforeProgram(word);
        if (program && !beforeProgram) {
            literal(Hash.of(word));
            return;
        }
        int length = word.length();
        char first = length == 0 ? 0 : word.charAt(0);
        if (length > 1 && first == '-' && !isNumber(word, 0, length)) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                literal(Hash.of(word));
                return;
            }
            long name = Hash.combine(OPTION, Hash.of(word, 0, equals));
            readValue(word, equals + 1);
            for (int level = 0; level < LEVELS; level++) hashes[level] = Hash.combine(name, hashes[level]);
            text = false;
            return;
        }
        if (length <= 4 && isOperator(word)) {
            literal(Hash.of(word));
            return;
        }
        readValue(word, 0);
    }

    /** Reads a text that is no option and no operator. */
    void readValue(String word) {
        text = false;
        readValue(word, 0);
    }

    /** The hash of the last word's shape at a level. */
    long hash(int level) {
        return hashes[level];
    }

    /** Whether the last word is a free text of several words. */
    boolean isText() {
        return text;
    }

    /** Whether the last word shows nothing at this level but that it is a word. */
    boolean isBare(int level) {
        return hashes[level] == WORD;
    }

    static boolean isOperator(String word) {
        return OPERATORS.contains(word);
    }

    static boolean isBeforeProgram(String word) {
        return word.length() <= 2
                && !word.isEmpty()
                && "|&;({!".indexOf(word.charAt(0)) >= 0
                && BEFORE_A_PROGRAM.contains(word);
    }

    private void literal(long hash) {
        all(Hash.combine(LITERAL, hash));
    }

    private void all(long hash) {
        hashes[0] = hash;
        hashes[1] = hash;
        hashes[2] = hash;
    }

    private void readValue(String word, int start) {
        int length = word.length();
        if (start == length) {
            literal(0);
            return;
        }
        int lastSlash = -1;
        int lastColon = -1;
        int lastDot = -1;
        boolean blank = false;
        boolean glob = false;
        for (int i = start; i < length; i++) {
            switch (word.charAt(i)) {
                case ' ', '\t', '\n', '\r' -> blank = true;
                case '/' -> lastSlash = i;
                case ':' -> lastColon = i;
                case '.' -> lastDot = i;
                case '*', '?' -> glob |= i == start || word.charAt(i - 1) != '\\';
                case '\\' -> {
                    if (i + 1 < length && word.charAt(i + 1) == '\\') i++;
                }
                default -> {}
            }
        }
        if (blank) {
            text = start == 0;
            all(TEXT);
            // A message may be a single word. A list is written one word a line, so a text of lines is no word.
            if (word.indexOf('\n', start) < 0) hashes[2] = WORD;
        } else if (isNumber(word, start, length)) all(NUMBER);
        else if (isDate(word, start, length)) all(DATE);
        else if (lastColon >= 0 && word.startsWith("://", word.indexOf(':', start))) {
            int host = word.indexOf('/', word.indexOf("://", start) + 3);
            hashes[0] = Hash.combine(URL, Hash.of(word, start, host < 0 ? length : host));
            hashes[1] = URL;
            hashes[2] = URL;
        } else if (length - start <= 2 && SPECIAL.contains(start == 0 ? word : word.substring(start))) {
            hashes[0] = Hash.combine(LITERAL, Hash.of(word, start, length));
            hashes[1] = hashes[0];
            hashes[2] = WORD;
        } else if (glob) {
            hashes[0] = Hash.combine(GLOB, Hash.of(word, start, length));
            hashes[1] = GLOB;
            hashes[2] = GLOB;
        } else path(word, start, Math.max(lastSlash, lastColon), lastDot);
    }

    private void path(String word, int start, int lastSlash, int lastDot) {
        int length = word.length();
        int base = lastSlash < 0 ? start : lastSlash + 1;
        boolean extension = lastDot > base && length - lastDot <= 9 && isExtension(word, lastDot + 1, length);
        long tail = extension ? Hash.of(word, lastDot, length) : 0;
        hashes[2] = WORD;
        hashes[1] = extension ? Hash.combine(WORD, tail) : WORD;
        hashes[0] =
                lastSlash < 0 ? hashes[1] : Hash.combine(Hash.combine(WORD, Hash.of(word, start, lastSlash + 1)), tail);
    }

    private static boolean isExtension(String word, int start, int end) {
        boolean letter = false;
        for (int i = start; i < end; i++) {
            char c = word.charAt(i);
            if (!Character.isLetterOrDigit(c)) return false;
            letter |= Character.isLetter(c);
        }
        return letter;
    }

    /** Whether a part of a text is a number: a sign, digits, at most one point. */
    static boolean isNumber(CharSequence text, int start, int end) {
        int at = start;
        if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) at++;
        if (at == end || !isDigit(text.charAt(at))) return false;
        boolean point = false;
        for (; at < end; at++) {
            char c = text.charAt(at);
            if (c == '.' && !point && at + 1 < end) point = true;
            else if (!isDigit(c)) return false;
        }
        return true;
    }

    /** Whether a part of a text is a date, a month or a time of day in ISO 8601 form. */
    static boolean isDate(CharSequence text, int start, int end) {
        int length = end - start;
        if (length < 5 || !isDigit(text.charAt(start))) return false;
        if (text.charAt(start + 2) == ':') return digitsOrMarks(text, start, end, ":.");
        if (length < 7 || text.charAt(start + 4) != '-' || !isDigit(text.charAt(start + 5))) return false;
        if (length != 7 && length < 10) return false;
        return digitsOrMarks(text, start, end, "-:.TZ+");
    }

    private static boolean digitsOrMarks(CharSequence text, int start, int end, String marks) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (!isDigit(c) && marks.indexOf(c) < 0) return false;
        }
        return true;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
