package dev.understudy.plugins.detectors;

import java.util.Set;

/**
 * Replaces what is surely a value in a free text, so that texts made from one template mostly become equal.
 *
 * <p>The rules are those that log parsers are commonly given by hand for each system (He et al., "Drain: An Online Log
 * Parsing Approach with Fixed Depth Tree", ICWS 2017, section IV.A), here one general set for all: words with digits,
 * paths, URLs, hosts, mail addresses, quoted texts, dates, quantities with their unit, and empty brackets. The key of
 * {@code key=value} becomes a word of its own, and a run of values becomes one value, so that a list is as long as a
 * single item.
 *
 * <p>One object serves one thread at a time: it reuses its buffer.
 */
final class TextMask {
    /** Stands for a value in a masked text. */
    static final char VALUE = '\uE000';

    /** Further characters of a text say nothing new about its template. */
    static final int MAX_CHARACTERS = 2_000;

    private static final int MAX_WORDS = 100;
    private static final Set<String> CALENDAR = Set.of(
            "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep",
            "Oct", "Nov", "Dec");
    private static final Set<String> AFTER_A_VALUE = Set.of(
            "B", "KB", "MB", "GB", "TB", "kB", "KiB", "MiB", "GiB", "ns", "us", "ms", "s", "sec", "secs", "AM", "PM",
            "UTC", "GMT", "CET", "CEST", "EST", "EDT", "PST", "PDT", "May");
    private static final Set<String> TOP_LEVEL_DOMAINS = Set.of(
            "com",
            "net",
            "org",
            "edu",
            "gov",
            "mil",
            "int",
            "info",
            "biz",
            "arpa",
            "local",
            "localdomain",
            "lan",
            "internal");
    private static final Set<String> LITERALS = Set.of("true", "false", "True", "False", "null", "nil", "None");

    private char[] text = new char[MAX_CHARACTERS];
    private char[] out = new char[2 * MAX_CHARACTERS + 16];
    private int length;
    private int size;
    private int wordStart;
    private int words;
    private boolean afterKey;
    private int closingQuote;

    /** Returns the masked text: words separated by one blank, values as {@link #VALUE}. */
    String mask(String original) {
        length = Math.min(original.length(), MAX_CHARACTERS);
        original.getChars(0, length, text, 0);
        size = 0;
        wordStart = 0;
        words = 0;
        afterKey = false;
        closingQuote = -1;
        int at = 0;
        while (at < length && words < MAX_WORDS) {
            char next = text[at];
            if (next <= ' ') {
                endWord();
                at++;
            } else if (isLeader(at)) at = leader(at);
            else if (next == '"') at = quoted(at);
            else if (isSeparator(next)) {
                at = separator(at);
            } else at = piece(at);
        }
        endWord();
        if (size > 0 && out[size - 1] == ' ') size--;
        return new String(out, 0, size);
    }

    private static boolean isSeparator(char c) {
        return switch (c) {
            case '(', ')', '[', ']', '{', '}', '<', '>', '=', ',', ';', '|', ':', '#', '"' -> true;
            default -> false;
        };
    }

    /** Whether a row of dots leads to what follows, as in a table of contents. */
    private boolean isLeader(int at) {
        return at + 2 < length && text[at] == '.' && text[at + 1] == '.' && text[at + 2] == '.';
    }

    private int leader(int at) {
        int end = at;
        while (end < length && text[end] == '.') end++;
        put('.');
        return end;
    }

    private int separator(int at) {
        char c = text[at];
        int afterRestatement = c == '(' && size == wordStart ? endOfRestatement(at) : at;
        if (afterRestatement > at) return afterRestatement;
        char closing = c == '(' ? ')' : c == '[' ? ']' : c == '{' ? '}' : 0;
        if (closing != 0 && at + 1 < length && text[at + 1] == closing) {
            put(c);
            value();
            put(closing);
            return at + 2;
        }
        boolean comparesValue =
                (c == '<' || c == '>') && size == wordStart && at + 1 < length && WordShape.isDigit(text[at + 1]);
        if (comparesValue) return at + 1;
        put(c);
        if (c == '=' && size - wordStart > 1) {
            endWord();
            afterKey = true;
            if (at + 1 >= length || text[at + 1] <= ' ' || text[at + 1] == ',' || text[at + 1] == ';') value();
        }
        return at + 1;
    }

    /**
     * The end of a quantity in brackets that says the one before it again in another unit, as in "18846 bytes (18.4 KB)",
     * which programs leave out where it would say nothing new; {@code at} if there is none.
     */
    private int endOfRestatement(int at) {
        int i = at + 1;
        while (i < length && (WordShape.isDigit(text[i]) || text[i] == '.')) i++;
        if (i == at + 1) return at;
        if (i < length && text[i] == ' ') i++;
        int unit = i;
        while (i < length && Character.isLetter(text[i])) i++;
        boolean quantity = i > unit && i < length && text[i] == ')' && (i + 1 == length || text[i + 1] <= ' ');
        return quantity && followsQuantity() ? i + 1 : at;
    }

    /** Whether what stands before the current word is a value with its unit. */
    private boolean followsQuantity() {
        int i = wordStart - 2;
        if (i >= 0 && out[i] == VALUE) return true;
        while (i >= 0 && Character.isLetter(out[i])) i--;
        return i >= 1 && i < wordStart - 2 && out[i] == ' ' && out[i - 1] == VALUE;
    }

    /**
     * A double-quoted text. A key (a colon or an equals sign follows) stays, and so does its value if that is
     * a word, as in {@code key=word}; else a single word is a name, and so is a text
     * of plain words; but what holds digits or slashes has parts of its own, as a request line has.
     */
    private int quoted(int at) {
        if (at == closingQuote) {
            put('"');
            return at + 1;
        }
        int end = at + 1;
        boolean parts = false;
        boolean oneWord = true;
        boolean letters = true;
        while (end < length && text[end] != '"') {
            char c = text[end++];
            letters &= Character.isLetter(c) || c == '_' || c == '-';
            parts |= c == '/' || WordShape.isDigit(c);
            oneWord &= c > ' ';
        }
        if (end >= length) {
            put('"');
            return at + 1;
        }
        boolean key = end + 1 < length && (text[end + 1] == ':' || text[end + 1] == '=') && oneWord;
        if (key) {
            for (int i = at + 1; i < end; i++) put(text[i]);
            put('=');
            endWord();
            return end + 2;
        }
        put('"');
        boolean valueOfKey = at > 0 && text[at - 1] == ':' && letters;
        if (valueOfKey || (parts && !oneWord)) {
            closingQuote = end;
            return at + 1;
        }
        value();
        put('"');
        return end + 1;
    }

    /** A maximal run without separators. */
    private int piece(int start) {
        int end = start;
        boolean digit = false;
        boolean backslash = false;
        boolean mail = false;
        int slashes = 0;
        int dots = 0;
        while (end < length && text[end] > ' ') {
            char c = text[end];
            if (end > start && isLeader(end)) break;
            if (isSeparator(c)) {
                boolean inUrl = c == ':' && end + 2 < length && text[end + 1] == '/' && text[end + 2] == '/';
                boolean drive = c == ':' && end == start + 1 && end + 1 < length && text[end + 1] == '\\';
                if (inUrl) return url(end + 3);
                if (!drive) break;
            }
            if (c >= '0' && c <= '9') digit = true;
            else if (c == '/') slashes++;
            else if (c == '\\') backslash = true;
            else if (c == '@') mail = end > start;
            else if (c == '.') dots++;
            end++;
        }
        int coreEnd = end;
        while (coreEnd > start && isTrailing(text[coreEnd - 1])) coreEnd--;
        int coreStart = start;
        while (coreStart < coreEnd && (text[coreStart] == '\'' || text[coreStart] == '`')) put(text[coreStart++]);
        boolean isKey = end < length && text[end] == '=';
        boolean named = coreStart > start && coreEnd < end && text[coreStart - 1] == text[coreEnd];
        boolean path = slashes > 0
                && (text[coreStart] == '/'
                        || text[coreStart] == '~'
                        || text[coreStart] == '.'
                        || slashes > 1
                        || dots > 0);
        boolean masked = coreEnd > coreStart
                && (isKey
                        ? digit && slashes > 0
                        : digit
                                || path
                                || backslash
                                || mail
                                || named
                                || dots > 1
                                || (dots == 1 && isHost(coreStart, coreEnd))
                                || isWordValue(coreStart, coreEnd));
        if (masked) value();
        else for (int i = coreStart; i < coreEnd; i++) put(text[i]);
        for (int i = Math.max(coreEnd, coreStart); i < end; i++) put(text[i]);
        return end;
    }

    private static boolean isTrailing(char c) {
        return c == '.' || c == '!' || c == '?' || c == '\'' || c == '`';
    }

    private int url(int at) {
        int end = at;
        while (end < length && text[end] > ' ' && "\"'<>)]},;".indexOf(text[end]) < 0) end++;
        value();
        return end;
    }

    private boolean isHost(int start, int end) {
        int dot = end - 1;
        while (dot > start && text[dot] != '.') dot--;
        if (dot == start) return false;
        return isTopLevelDomain(new String(text, dot + 1, end - dot - 1));
    }

    static boolean isTopLevelDomain(String name) {
        return TOP_LEVEL_DOMAINS.contains(name);
    }

    private boolean isWordValue(int start, int end) {
        int n = end - start;
        if (n == 3) return CALENDAR.contains(new String(text, start, 3));
        return afterKey && n <= 5 && LITERALS.contains(new String(text, start, n));
    }

    private void put(char c) {
        if (size < out.length - 8) out[size++] = c == VALUE ? '?' : c;
    }

    /** Appends a value; one that follows another after a mere joint becomes part of it. */
    private void value() {
        if (size >= out.length - 8) return;
        if (size > wordStart && out[size - 1] == VALUE) return;
        int joint = size;
        while (joint > wordStart && isJoint(out[joint - 1])) joint--;
        if (joint > wordStart && out[joint - 1] == VALUE) {
            size = joint;
            return;
        }
        out[size++] = VALUE;
    }

    private static boolean isJoint(char c) {
        return c == ':' || c == ',' || c == '|' || c == ';';
    }

    private void endWord() {
        afterKey = false;
        if (size == wordStart) return;
        if (wordStart > 0 && followsValue()) {
            boolean repeats = out[wordStart] == VALUE
                    && (size == wordStart + 1 || (size == wordStart + 2 && isJoint(out[size - 1])));
            boolean unit = isOverflow()
                    || (size - wordStart <= 4 && AFTER_A_VALUE.contains(new String(out, wordStart, size - wordStart)));
            if (repeats || unit) {
                boolean listEnds = !isJoint(out[size - 1]) && isJoint(out[wordStart - 2]);
                size = listEnds ? wordStart - 1 : wordStart;
                if (listEnds) out[size - 1] = ' ';
                wordStart = size;
                return;
            }
        }
        out[size++] = ' ';
        wordStart = size;
        words++;
    }

    /** Whether the current word is a number that did not fit its field. */
    private boolean isOverflow() {
        for (int i = wordStart; i < size; i++) if (out[i] != '*') return false;
        return true;
    }

    /** Whether the word before the current one is nothing but a value. */
    private boolean followsValue() {
        int last = wordStart - 2;
        if (last >= 1 && isJoint(out[last])) last--;
        return out[last] == VALUE && (last == 0 || out[last - 1] == ' ');
    }
}
