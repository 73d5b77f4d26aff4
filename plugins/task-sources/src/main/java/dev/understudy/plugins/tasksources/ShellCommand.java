package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.UnreadableEntryException.Cause;
import java.util.ArrayList;
import java.util.List;

/**
 * A shell command as the type and the arguments of a task.
 *
 * @param type the program with its subcommand and the wrappers before it; the programs of a pipeline or list joined by
 *     their operators
 * @param arguments all words and operators but those that name the first program
 * @param tokens all that was read, line ends included
 * @param open whether the text ended within a here-document or a compound command, so that a shell would read on
 */
record ShellCommand(String type, List<String> arguments, List<Token> tokens, boolean open) {

    /** What a task is called that only sets variables. */
    static final String ASSIGNMENT = "assignment";

    private static final int MAX_COMMANDS_IN_TYPE = 8;
    private static final int MAX_NAME_LENGTH = 80;
    private static final Token CLOSING_BRACE = new Token(Token.Kind.PLAIN_WORD, "}");

    static ShellCommand parse(String text, ShellSyntax syntax) throws UnreadableEntryException {
        ShellLexer.Lexed lexed = ShellLexer.lex(text, syntax);
        List<Token> tokens = withoutLineEnds(lexed.tokens());
        if (tokens.isEmpty()) throw new UnreadableEntryException(Cause.MALFORMED, "it holds a comment, but no command");
        return new Parser(tokens).parse(lexed);
    }

    /** Makes a line end a semicolon where it separates two commands, and drops it elsewhere. */
    private static List<Token> withoutLineEnds(List<Token> tokens) {
        var result = new ArrayList<Token>(tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.kind() != Token.Kind.NEWLINE) result.add(token);
            else if (separates(result, tokens, i)) result.add(new Token(Token.Kind.CONTROL, ";"));
        }
        return result;
    }

    private static boolean separates(List<Token> before, List<Token> tokens, int lineEnd) {
        if (before.isEmpty()) return false;
        Token last = before.getLast();
        boolean continued = switch (last.kind()) {
            case CONTROL -> !last.text().equals(")");
            case PLAIN_WORD -> ReservedWords.precedesCommand(last.text());
            case QUOTED_WORD, REDIRECTION, NEWLINE -> false;
        };
        if (continued) return false;
        for (Token token : tokens.subList(lineEnd + 1, tokens.size()))
            if (token.kind() != Token.Kind.NEWLINE) return true;
        return false;
    }

    private static final class Parser {
        private final List<Token> tokens;
        private final StringBuilder type = new StringBuilder();
        /** Which tokens name the first command. */
        private final boolean[] naming;

        private int commands;
        private boolean compound;

        Parser(List<Token> tokens) {
            this.tokens = tokens;
            this.naming = new boolean[tokens.size()];
        }

        ShellCommand parse(ShellLexer.Lexed lexed) throws UnreadableEntryException {
            int start = 0;
            String operator = "";
            while (start < tokens.size() && !compound) {
                int end = start;
                while (end < tokens.size() && tokens.get(end).kind() != Token.Kind.CONTROL) end++;
                if (definesFunction(end)) appendFunction();
                else appendCommand(operator, start, end);
                // An opening parenthesis only begins a group; what joins the group to the commands before stands before
                // it.
                if (end < tokens.size() && !tokens.get(end).text().equals("("))
                    operator = tokens.get(end).text();
                start = end + 1;
            }
            boolean open = lexed.hereDocumentOpen() || Completeness.wantsMore(lexed.tokens());
            if (commands == 0)
                throw new UnreadableEntryException(
                        open ? Cause.INCOMPLETE : Cause.MALFORMED, "it holds operators, but no command");
            var arguments = new ArrayList<String>(tokens.size());
            for (int i = 0; i < tokens.size(); i++)
                if (!naming[i]) arguments.add(tokens.get(i).text());
            return new ShellCommand(type.toString(), arguments, lexed.tokens(), open);
        }

        private boolean definesFunction(int end) {
            return commands == 0
                    && end == 1
                    && tokens.size() > 3
                    && tokens.get(1).text().equals("(")
                    && tokens.get(2).text().equals(")");
        }

        private void appendFunction() {
            compound = true;
            commands++;
            type.append("function");
        }

        private void appendCommand(String operator, int start, int end) {
            List<Integer> words = words(start, end);
            if (!words.isEmpty() && tokens.get(words.getFirst()).equals(CLOSING_BRACE)) return;
            List<Integer> name = name(words);
            String text = name.isEmpty() ? (words.isEmpty() ? "" : ASSIGNMENT) : join(name);
            if (text.isEmpty()) return;
            commands++;
            if (commands == 1) {
                for (int index : name) naming[index] = true;
                type.append(text);
            } else if (commands <= MAX_COMMANDS_IN_TYPE) {
                type.append(' ').append(joining(operator)).append(' ').append(text);
            } else if (commands == MAX_COMMANDS_IN_TYPE + 1) {
                type.append(" …");
            }
        }

        private static String joining(String operator) {
            return operator.equals(")") ? ";" : operator;
        }

        /** The words of a simple command without its redirections. */
        private List<Integer> words(int start, int end) {
            var words = new ArrayList<Integer>(end - start);
            for (int i = start; i < end; i++) {
                if (tokens.get(i).kind() == Token.Kind.REDIRECTION) i++;
                else words.add(i);
            }
            return words;
        }

        /** Which words name the command: wrappers, program, subcommand. Empty if it only sets variables. */
        private List<Integer> name(List<Integer> words) {
            var name = new ArrayList<Integer>(3);
            int next = 0;
            while (next < words.size() && precedesProgram(words.get(next))) next++;
            while (next < words.size()) {
                int index = words.get(next++);
                String program = programName(tokens.get(index).text());
                name.add(index);
                if (tokens.get(index).kind() == Token.Kind.PLAIN_WORD && ReservedWords.compound(program)) {
                    compound = true;
                    return name;
                }
                Programs.Shape wrapper = Programs.wrapper(program);
                if (wrapper == null) {
                    addSubcommand(name, program, words, next);
                    return name;
                }
                next = skipOptions(words, next, wrapper);
                next = Math.min(words.size(), next + wrapper.depth());
                while (next < words.size() && precedesProgram(words.get(next))) next++;
            }
            return name;
        }

        private boolean precedesProgram(int index) {
            Token token = tokens.get(index);
            if (token.kind() == Token.Kind.PLAIN_WORD && ReservedWords.precedesCommand(token.text()))
                return !ReservedWords.compound(token.text());
            return assignment(token.text());
        }

        private static boolean assignment(String word) {
            int equals = word.indexOf('=');
            if (equals <= 0 || Character.isDigit(word.charAt(0))) return false;
            int end = word.charAt(equals - 1) == '+' ? equals - 1 : equals;
            for (int i = 0; i < end; i++) {
                char c = word.charAt(i);
                if (c == '[') return i > 0;
                boolean allowed =
                        c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                if (!allowed) return false;
            }
            return end > 0;
        }

        private int skipOptions(List<Integer> words, int from, Programs.Shape shape) {
            int next = from;
            while (next < words.size()) {
                String word = tokens.get(words.get(next)).text();
                if (!word.startsWith("-") && !word.startsWith("+")) break;
                next += shape.optionsWithValue().contains(word) ? 2 : 1;
                if (word.equals("--")) break;
            }
            return Math.min(next, words.size());
        }

        private void addSubcommand(List<Integer> name, String program, List<Integer> words, int from) {
            Programs.Shape shape = Programs.withSubcommands(program);
            if (shape == null) return;
            int next = from;
            int wanted = shape.depth();
            while (wanted-- > 0) {
                next = skipOptions(words, next, shape);
                if (next >= words.size()) return;
                String word = tokens.get(words.get(next)).text();
                if (!readsAsSubcommand(word)) return;
                name.add(words.get(next++));
                if (shape.groups().contains(word)) wanted++;
            }
        }

        private static boolean readsAsSubcommand(String word) {
            if (word.isEmpty() || word.length() > 40 || !Character.isLetter(word.charAt(0))) return false;
            for (int i = 0; i < word.length(); i++) {
                char c = word.charAt(i);
                if (!Character.isLetterOrDigit(c) && c != '-' && c != '_' && c != ':') return false;
            }
            return true;
        }

        private String join(List<Integer> name) {
            var joined = new StringBuilder();
            for (int index : name) {
                if (!joined.isEmpty()) joined.append(' ');
                joined.append(programName(tokens.get(index).text()));
            }
            return joined.toString();
        }

        /** The last part of a path, on one line and of bearable length; what has no such part stays as it is. */
        private static String programName(String word) {
            boolean path = word.indexOf('(') < 0 && word.indexOf('`') < 0;
            String base = path ? word.substring(word.lastIndexOf('/') + 1) : word;
            if (base.isBlank()) base = word.isBlank() ? "''" : word;
            base = base.replace('\n', ' ').strip();
            return base.length() <= MAX_NAME_LENGTH ? base : base.substring(0, MAX_NAME_LENGTH - 1) + "…";
        }
    }
}
