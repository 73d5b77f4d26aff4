package dev.understudy.plugins.tasksources;

import java.util.ArrayDeque;
import java.util.List;

/**
 * Whether a command goes on in the next line as the POSIX shell grammar has it ("Shell Command Language", section 2.10 of
 * POSIX.1-2017): a compound command that is not ended yet, or an operator that wants another command.
 *
 * <p>Quotes, substitutions and here-documents are the lexer's. A closing word without its opening one is an error of
 * whoever typed it, and completes nothing.
 */
final class Completeness {

    private Completeness() {}

    /** Whether a shell would ask for more lines; {@code tokens} may begin with line ends. */
    static boolean wantsMore(List<Token> tokens) {
        var open = new ArrayDeque<String>();
        boolean atCommand = true;
        boolean functionName = false;
        for (Token token : tokens) {
            switch (token.kind()) {
                case NEWLINE -> {
                    atCommand = true;
                    functionName = false;
                }
                case CONTROL -> {
                    if (token.text().equals("(")) open.push(")");
                    else if (token.text().equals(")")) close(open, ")");
                    atCommand = true;
                }
                case PLAIN_WORD -> {
                    boolean body = functionName && token.text().equals("{");
                    String closing = atCommand || body ? closing(token.text()) : "";
                    if (!closing.isEmpty()) open.push(closing);
                    else if (atCommand) close(open, token.text());
                    functionName = (atCommand && token.text().equals("function")) || (functionName && !body);
                    atCommand = (atCommand || body) && ReservedWords.precedesCommand(token.text());
                }
                case QUOTED_WORD, REDIRECTION -> atCommand = false;
            }
        }
        return !open.isEmpty() || endsWithOperator(tokens);
    }

    private static String closing(String word) {
        return switch (word) {
            case "if" -> "fi";
            case "for", "while", "until", "select" -> "done";
            case "case" -> "esac";
            case "{" -> "}";
            default -> "";
        };
    }

    private static void close(ArrayDeque<String> open, String word) {
        if (word.equals(open.peek())) open.pop();
    }

    private static boolean endsWithOperator(List<Token> tokens) {
        int last = tokens.size() - 1;
        while (last >= 0 && tokens.get(last).kind() == Token.Kind.NEWLINE) last--;
        if (last < 0 || tokens.get(last).kind() != Token.Kind.CONTROL) return false;
        return switch (tokens.get(last).text()) {
            case "|", "|&", "&&", "||" -> true;
            // The empty parentheses of a function whose body begins on the next line.
            case ")" ->
                last == 2 && tokens.get(1).text().equals("(") && tokens.get(0).word();
            default -> false;
        };
    }
}
