package dev.understudy.app;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.CompletingParsedLine;

/**
 * What stands before the cursor, and of what kind the word is that is being typed there.
 *
 * @param line all of it
 * @param kind what may stand there
 * @param context for members the dotted path before the last dot, for a word's argument the word and what is before
 * @param word the part that a completion replaces
 */
record ReplLine(String line, int cursor, Kind kind, String context, String word) implements CompletingParsedLine {
    private static final Pattern PATH =
            Pattern.compile("((?:[\\p{L}_$][\\w$]*(?:\\[\\d+\\])*\\.)*)([\\p{L}_$][\\w$]*)?$");
    private static final Pattern BASH_WORD = Pattern.compile("[^\\s;|&()<>'\"=]*$");
    private static final Pattern BASH_FIRST = Pattern.compile("(?:^|[;|&(\\n]|\\b(?:do|then|else|if|while)\\s)\\s*$");

    /** What may stand at the cursor. */
    enum Kind {
        /** A word of the REPL's own. */
        WORD,
        /** What a word takes. */
        ARGUMENT,
        /** A name in scope. */
        NAME,
        /** A member of what the context leads to. */
        MEMBER,
        /** A path, or the name of something that the host has. */
        QUOTED,
        /** The name of a command in Bash. */
        COMMAND,
        /** A path, unquoted. */
        FILE,
        /** The name of a variable in Bash, after its dollar sign. */
        VARIABLE
    }

    /** Looks at a line up to the cursor. */
    static ReplLine of(String line, int cursor, ReplLanguage language) {
        String before = line.substring(0, Math.min(cursor, line.length()));
        String start = before.stripLeading();
        if (start.startsWith("%")) {
            int blank = start.indexOf(' ');
            if (blank < 0) return new ReplLine(line, cursor, Kind.WORD, "", start);
            if (!start.startsWith("%time")) {
                int last = before.lastIndexOf(' ') + 1;
                return new ReplLine(
                        line,
                        cursor,
                        Kind.ARGUMENT,
                        start.substring(0, start.lastIndexOf(' ') + 1),
                        before.substring(last));
            }
            before = start.substring(blank + 1);
        }
        if (language == ReplLanguage.BASH && !start.startsWith("?")) return ofBash(line, cursor, before);
        int quote = openQuote(before, language);
        if (quote >= 0) return new ReplLine(line, cursor, Kind.QUOTED, "", before.substring(quote + 1));
        Matcher path = PATH.matcher(before);
        if (!path.find()) throw new IllegalStateException("a pattern that finds nothing as well: " + before);
        String context = path.group(1);
        String word = path.group(2) == null ? "" : path.group(2);
        if (context.isEmpty() && path.start() > 0 && before.charAt(path.start() - 1) == '.')
            // Behind what is more than a path, whose value only running it would tell.
            return new ReplLine(line, cursor, Kind.MEMBER, ".", word);
        return context.isEmpty()
                ? new ReplLine(line, cursor, Kind.NAME, "", word)
                : new ReplLine(
                        line,
                        cursor,
                        Kind.MEMBER,
                        context.substring(0, context.length() - 1).replaceAll("\\[(\\d+)\\]", ".$1"),
                        word);
    }

    private static ReplLine ofBash(String line, int cursor, String before) {
        Matcher found = BASH_WORD.matcher(before);
        String word = found.find() ? found.group() : "";
        String rest = before.substring(0, before.length() - word.length());
        if (word.startsWith("$")) return new ReplLine(line, cursor, Kind.VARIABLE, "", word);
        boolean first = BASH_FIRST.matcher(rest).find() && !word.contains("/");
        return new ReplLine(line, cursor, first ? Kind.COMMAND : Kind.FILE, "", word);
    }

    /** Where a text begins that is not closed before the cursor; -1 if there is none. */
    private static int openQuote(String before, ReplLanguage language) {
        int open = -1;
        char quote = 0;
        for (int i = 0; i < before.length(); i++) {
            char c = before.charAt(i);
            if (open >= 0) {
                if (c == '\\') i++;
                else if (c == quote || (c == '\n' && quote != '`')) open = -1;
            } else if (c == '"' || c == '\'' || (c == '`' && language == ReplLanguage.JAVASCRIPT)) {
                open = i;
                quote = c;
            } else if (startsComment(before, i, language)) {
                int end = before.indexOf('\n', i);
                if (end < 0) return -1;
                i = end;
            }
        }
        return open;
    }

    private static boolean startsComment(String text, int at, ReplLanguage language) {
        return language == ReplLanguage.PYTHON ? text.charAt(at) == '#' : text.startsWith("//", at);
    }

    @Override
    public int wordCursor() {
        return word.length();
    }

    @Override
    public int wordIndex() {
        return 0;
    }

    @Override
    public List<String> words() {
        return List.of(word);
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
        return candidate;
    }

    @Override
    public int rawWordCursor() {
        return word.length();
    }

    @Override
    public int rawWordLength() {
        return word.length();
    }
}
