package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.UnreadableEntryException.Cause;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a shell command into tokens as "Shell Command Language", section 2.3 "Token Recognition", of POSIX.1-2017 says,
 * with the here-strings, {@code $'…'}, process substitutions, extended globs and array assignments of bash and zsh, and fish's quotes.
 *
 * <p>Nothing is expanded: substitutions stay in their word as written. A glob character that was quoted keeps a backslash
 * before it, and a quoted word that would read as an operator keeps its quotes, so that both can be told from the
 * unquoted ones. A here-document's text takes the place of its delimiter.
 */
final class ShellLexer {

    private static final int MAX_NESTING = 100;

    private final String text;
    private final ShellSyntax syntax;
    private final List<Token> tokens = new ArrayList<>();
    private final ArrayDeque<HereDocument> hereDocuments = new ArrayDeque<>();
    private final StringBuilder word = new StringBuilder();
    private int at;
    private boolean quoted;
    private boolean hereDocumentOpen;

    /** A here-document whose text has not been read yet; {@code token} is the place of its delimiter. */
    private record HereDocument(int token, String delimiter, boolean tabsStripped) {}

    private ShellLexer(String text, ShellSyntax syntax) {
        this.text = text;
        this.syntax = syntax;
    }

    /**
     * What was read.
     *
     * @param hereDocumentOpen whether the text ended before a here-document did, which then holds all that was left
     */
    record Lexed(List<Token> tokens, boolean hereDocumentOpen) {}

    static Lexed lex(String text, ShellSyntax syntax) throws UnreadableEntryException {
        var lexer = new ShellLexer(text, syntax);
        lexer.run();
        return new Lexed(lexer.tokens, lexer.hereDocumentOpen);
    }

    private void run() throws UnreadableEntryException {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                add(Token.Kind.NEWLINE, "\n");
                at++;
                readHereDocuments();
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '\\' && peek(1) == '\n') {
                at += 2;
            } else if (c == '#') {
                int lineEnd = text.indexOf('\n', at);
                at = lineEnd < 0 ? text.length() : lineEnd;
            } else if (!startsWord(c)) {
                readOperator("");
            } else {
                readWord();
            }
        }
        if (!hereDocuments.isEmpty()) readHereDocuments();
    }

    private boolean startsWord(char c) {
        return switch (c) {
            case '|', '&', ';', ')' -> false;
            case '(' ->
                switch (syntax) {
                    case FISH -> true;
                    case ZSH -> atCommand() ? peek(1) == '(' : peek(1) != ')';
                    case POSIX -> peek(1) == '(' && atCommand();
                };
            case '<', '>' -> syntax != ShellSyntax.FISH && peek(1) == '(';
            default -> true;
        };
    }

    /** Whether a command may start here, so that {@code ((} is arithmetic. */
    private boolean atCommand() {
        if (tokens.isEmpty()) return true;
        Token last = tokens.getLast();
        return switch (last.kind()) {
            case CONTROL, NEWLINE -> true;
            case PLAIN_WORD ->
                ReservedWords.precedesCommand(last.text()) || last.text().equals("for");
            case QUOTED_WORD, REDIRECTION -> false;
        };
    }

    private char peek(int ahead) {
        int index = at + ahead;
        return index < text.length() ? text.charAt(index) : '\0';
    }

    private void add(Token.Kind kind, String tokenText) {
        if (kind != Token.Kind.NEWLINE
                && !tokens.isEmpty()
                && tokens.getLast().kind() == Token.Kind.REDIRECTION
                && tokens.getLast().text().startsWith("<<")
                && !tokens.getLast().text().equals("<<<")) {
            boolean tabsStripped = tokens.getLast().text().equals("<<-");
            hereDocuments.add(new HereDocument(tokens.size(), tokenText, tabsStripped));
        }
        tokens.add(new Token(kind, tokenText));
    }

    /** Longest first: the first that fits is the operator. */
    private static final String[] OPERATORS = {
        "<<<", "<<-", "&>>", ";;&", "<<", "<&", "<>", ">>", ">&", ">|", "&>", "&&", "||", "|&", ";;", ";&", "<", ">",
        "&", "|", ";", "(", ")"
    };

    private void readOperator(String fileDescriptor) {
        for (String operator : OPERATORS) {
            if (!text.startsWith(operator, at)) continue;
            boolean redirection = operator.indexOf('<') >= 0 || operator.indexOf('>') >= 0;
            at += operator.length();
            add(redirection ? Token.Kind.REDIRECTION : Token.Kind.CONTROL, fileDescriptor + operator);
            return;
        }
        throw new IllegalStateException("no operator at " + at);
    }

    private void readWord() throws UnreadableEntryException {
        int start = at;
        word.setLength(0);
        quoted = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case ' ', '\t', '\r', '\n', '|', '&', ';', ')' -> {
                    endWord(start);
                    return;
                }
                case '<', '>' -> {
                    if (syntax != ShellSyntax.FISH && peek(1) == '(' && at == start) {
                        appendRaw(afterParenthesis(at + 1, 0));
                    } else if (!quoted && isFileDescriptor(word)) {
                        readOperator(word.toString());
                        return;
                    } else {
                        endWord(start);
                        return;
                    }
                }
                case '(' -> {
                    if (!opensGroup(start)) {
                        endWord(start);
                        return;
                    }
                    appendRaw(afterParenthesis(at, 0));
                }
                case '\\' -> readEscape();
                case '\'' -> readSingleQuotes();
                case '"' -> readDoubleQuotes();
                case '`' -> appendRaw(syntax == ShellSyntax.FISH ? at + 1 : afterBackquote(at));
                case '$' -> readDollar();
                default -> {
                    word.append(c);
                    at++;
                }
            }
        }
        endWord(start);
    }

    /** Whether the parenthesis at hand belongs to the word: arithmetic, an extended glob, an array, fish's substitution. */
    private boolean opensGroup(int start) {
        if (syntax == ShellSyntax.FISH) return true;
        if (at == start) return true;
        if (syntax == ShellSyntax.ZSH && peek(1) != ')') return true;
        char before = text.charAt(at - 1);
        return before == '=' || (!quoted && "?*+@!".indexOf(before) >= 0);
    }

    private static boolean isFileDescriptor(CharSequence text) {
        if (text.isEmpty()) return false;
        boolean named = text.charAt(0) == '{' && text.charAt(text.length() - 1) == '}' && text.length() > 2;
        for (int i = named ? 1 : 0; i < text.length() - (named ? 1 : 0); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!digit && !(named && letter)) return false;
        }
        return true;
    }

    private void endWord(int start) {
        String cooked = word.toString();
        if (!quoted) {
            add(Token.Kind.PLAIN_WORD, cooked);
        } else if (readsAsOperator(cooked)) {
            add(Token.Kind.QUOTED_WORD, text.substring(start, at));
        } else {
            add(Token.Kind.QUOTED_WORD, cooked);
        }
    }

    private static boolean readsAsOperator(String cooked) {
        int digits = 0;
        while (digits < cooked.length() && Character.isDigit(cooked.charAt(digits))) digits++;
        String rest = cooked.substring(digits);
        for (String operator : OPERATORS)
            if (rest.equals(operator)) return digits == 0 || operator.indexOf('<') >= 0 || operator.indexOf('>') >= 0;
        return false;
    }

    private void appendQuoted(char c) {
        if (c == '*' || c == '?' || c == '[') word.append('\\');
        word.append(c);
    }

    private void appendRaw(int end) {
        word.append(text, at, end);
        at = end;
    }

    private void readEscape() throws UnreadableEntryException {
        if (at + 1 >= text.length())
            throw new UnreadableEntryException(Cause.INCOMPLETE, "it ends with a backslash that continues it");
        char c = text.charAt(at + 1);
        if (c != '\n') {
            quoted = true;
            appendQuoted(c);
        }
        at += 2;
    }

    private void readSingleQuotes() throws UnreadableEntryException {
        quoted = true;
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\'') return;
            if (c == '\\' && syntax == ShellSyntax.FISH && (peek(0) == '\'' || peek(0) == '\\')) c = text.charAt(at++);
            appendQuoted(c);
        }
        throw new UnreadableEntryException(Cause.INCOMPLETE, "a single quote is never closed");
    }

    private void readDoubleQuotes() throws UnreadableEntryException {
        quoted = true;
        at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> {
                    at++;
                    return;
                }
                case '\\' -> {
                    char next = peek(1);
                    if (next == '\n') {
                        at += 2;
                    } else if (next == '$'
                            || next == '"'
                            || next == '\\'
                            || (next == '`' && syntax != ShellSyntax.FISH)) {
                        word.append(next);
                        at += 2;
                    } else {
                        word.append(c);
                        at++;
                    }
                }
                case '$' -> {
                    int end = afterSubstitution(at, 0);
                    if (end > at) {
                        appendRaw(end);
                    } else {
                        word.append(c);
                        at++;
                    }
                }
                case '`' -> appendRaw(syntax == ShellSyntax.FISH ? at + 1 : afterBackquote(at));
                default -> {
                    appendQuoted(c);
                    at++;
                }
            }
        }
        throw new UnreadableEntryException(Cause.INCOMPLETE, "a double quote is never closed");
    }

    private void readDollar() throws UnreadableEntryException {
        char next = peek(1);
        if (next == '\'' && syntax != ShellSyntax.FISH) {
            readAnsiQuotes();
        } else if (next == '"' && syntax != ShellSyntax.FISH) {
            at++;
        } else {
            int end = afterSubstitution(at, 0);
            appendRaw(Math.max(end, at + 1));
        }
    }

    private void readAnsiQuotes() throws UnreadableEntryException {
        quoted = true;
        at += 2;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\'') return;
            if (c != '\\' || at >= text.length()) {
                appendQuoted(c);
                continue;
            }
            char escape = text.charAt(at++);
            switch (escape) {
                case 'a' -> word.append('\u0007');
                case 'b' -> word.append('\b');
                case 'e', 'E' -> word.append('\u001b');
                case 'f' -> word.append('\f');
                case 'n' -> word.append('\n');
                case 'r' -> word.append('\r');
                case 't' -> word.append('\t');
                case 'v' -> word.append('\u000b');
                case 'x' -> appendCodePoint(16, 2);
                case 'u' -> appendCodePoint(16, 4);
                case 'U' -> appendCodePoint(16, 8);
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    at--;
                    appendCodePoint(8, 3);
                }
                default -> appendQuoted(escape);
            }
        }
        throw new UnreadableEntryException(Cause.INCOMPLETE, "a single quote is never closed");
    }

    private void appendCodePoint(int radix, int maxDigits) {
        int value = 0;
        int end = Math.min(text.length(), at + maxDigits);
        while (at < end) {
            int digit = Character.digit(text.charAt(at), radix);
            if (digit < 0) break;
            value = value * radix + digit;
            at++;
        }
        if (Character.isValidCodePoint(value)) word.appendCodePoint(value);
    }

    /** Where the substitution that begins with the dollar sign at {@code from} ends; {@code from} if it is none. */
    private int afterSubstitution(int from, int nesting) throws UnreadableEntryException {
        if (from + 1 >= text.length()) return from;
        return switch (text.charAt(from + 1)) {
            case '(' -> afterParenthesis(from + 1, nesting);
            case '{' -> syntax == ShellSyntax.FISH ? from : afterBrace(from + 1, nesting);
            default -> from;
        };
    }

    /** Where the group ends that the parenthesis at {@code open} begins. */
    private int afterParenthesis(int open, int nesting) throws UnreadableEntryException {
        return afterGroup(open, '(', ')', nesting);
    }

    private int afterBrace(int open, int nesting) throws UnreadableEntryException {
        return afterGroup(open, '{', '}', nesting);
    }

    private int afterGroup(int open, char opening, char closing, int nesting) throws UnreadableEntryException {
        if (nesting > MAX_NESTING)
            throw new UnreadableEntryException(Cause.MALFORMED, "its substitutions are nested too deeply");
        int depth = 0;
        int i = open;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == opening) {
                depth++;
                i++;
            } else if (c == closing) {
                i++;
                if (--depth == 0) return i;
            } else if (c == '\\') {
                i += 2;
            } else if (c == '\'') {
                i = afterSingleQuotes(i);
            } else if (c == '"') {
                i = afterDoubleQuotes(i, nesting + 1);
            } else if (c == '`' && syntax != ShellSyntax.FISH) {
                i = afterBackquote(i);
            } else if (c == '$' && i + 1 < text.length() && text.charAt(i + 1) != opening) {
                i = Math.max(afterSubstitution(i, nesting + 1), i + 1);
            } else {
                i++;
            }
        }
        throw new UnreadableEntryException(Cause.INCOMPLETE, "a '" + opening + "' is never closed");
    }

    private int afterSingleQuotes(int open) throws UnreadableEntryException {
        int i = open + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\'') return i + 1;
            i += c == '\\' && syntax == ShellSyntax.FISH ? 2 : 1;
        }
        throw new UnreadableEntryException(Cause.INCOMPLETE, "a single quote is never closed");
    }

    private int afterDoubleQuotes(int open, int nesting) throws UnreadableEntryException {
        int i = open + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '"') return i + 1;
            if (c == '\\') i += 2;
            else if (c == '`' && syntax != ShellSyntax.FISH) i = afterBackquote(i);
            else if (c == '$') i = Math.max(afterSubstitution(i, nesting), i + 1);
            else i++;
        }
        throw new UnreadableEntryException(Cause.INCOMPLETE, "a double quote is never closed");
    }

    private int afterBackquote(int open) throws UnreadableEntryException {
        int i = open + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '`') return i + 1;
            i += c == '\\' ? 2 : 1;
        }
        throw new UnreadableEntryException(Cause.INCOMPLETE, "a backquote is never closed");
    }

    /** Reads the texts of the here-documents whose operators stood on the line that just ended. */
    private void readHereDocuments() {
        while (!hereDocuments.isEmpty()) {
            HereDocument document = hereDocuments.remove();
            var body = new StringBuilder();
            boolean closed = false;
            while (at < text.length() && !closed) {
                int lineEnd = text.indexOf('\n', at);
                String line = text.substring(at, lineEnd < 0 ? text.length() : lineEnd);
                at = lineEnd < 0 ? text.length() : lineEnd + 1;
                String content = document.tabsStripped() ? withoutLeadingTabs(line) : line;
                closed = content.equals(document.delimiter());
                if (!closed) body.append(content).append('\n');
            }
            hereDocumentOpen |= !closed;
            // A here-document that never begins leaves its delimiter as all that is known of it.
            if (closed || !body.isEmpty())
                tokens.set(document.token(), new Token(Token.Kind.QUOTED_WORD, body.toString()));
        }
    }

    private static String withoutLeadingTabs(String line) {
        int tabs = 0;
        while (tabs < line.length() && line.charAt(tabs) == '\t') tabs++;
        return line.substring(tabs);
    }
}
