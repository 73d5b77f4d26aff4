package dev.understudy.core.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The words of a text read as a shell command, each with its place in the text.
 *
 * <p>Unlike the tokenizer of the task sources it refuses nothing: an open quote reaches to the end. It serves only to find
 * where a secret stands.
 */
final class CommandWords {

    private final String text;
    private final List<Word> words = new ArrayList<>();

    /**
     * A word.
     *
     * @param value with its quotes removed; of an operator as written
     * @param offsets of each character of {@code value} in the text
     * @param quotes the quote in which each character stands, or a blank
     * @param end of the word in the text
     */
    record Word(String value, List<Integer> offsets, String quotes, int end) {}

    private CommandWords(String text) {
        this.text = text;
    }

    static List<Word> of(String text) {
        var reader = new CommandWords(text);
        reader.read();
        return reader.words;
    }

    private void read() {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\r') at++;
            else if (operator(c)) at = readOperator(at);
            else at = readWord(at);
        }
    }

    private static boolean operator(char c) {
        return c == '|' || c == '&' || c == ';' || c == '(' || c == ')' || c == '<' || c == '>' || c == '\n';
    }

    private int readOperator(int start) {
        char c = text.charAt(start);
        // A mask is a word, or part of one, and no pair of redirections.
        if (text.startsWith(SecretRedactor.MASK, start)) return readWord(start);
        int end = start + 1;
        while (end < text.length() && text.charAt(end) == c && c != '(' && c != ')') end++;
        String value = c == '\n' ? ";" : text.substring(start, end);
        Integer[] offsets = new Integer[value.length()];
        Arrays.fill(offsets, start);
        words.add(new Word(value, List.of(offsets), " ".repeat(value.length()), end));
        return end;
    }

    private int readWord(int start) {
        var value = new StringBuilder();
        var offsets = new ArrayList<Integer>();
        var quotes = new StringBuilder();
        char quote = ' ';
        int at = start;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean mask = c == '<' && text.startsWith(SecretRedactor.MASK, at);
            if (mask) {
                for (int i = 0; i < SecretRedactor.MASK.length(); i++, at++) add(value, offsets, quotes, quote, at);
                continue;
            }
            if (quote == ' ' && (c == ' ' || c == '\t' || c == '\r' || operator(c))) break;
            if (c == quote) {
                quote = ' ';
                at++;
            } else if (quote == ' ' && (c == '\'' || c == '"')) {
                quote = c;
                at++;
            } else if (c == '\\' && quote != '\'' && at + 1 < text.length()) {
                if (text.charAt(at + 1) != '\n') add(value, offsets, quotes, quote, at + 1);
                at += 2;
            } else {
                add(value, offsets, quotes, quote, at++);
            }
        }
        words.add(new Word(value.toString(), offsets, quotes.toString(), at));
        return at;
    }

    private void add(StringBuilder value, List<Integer> offsets, StringBuilder quotes, char quote, int at) {
        value.append(text.charAt(at));
        offsets.add(at);
        quotes.append(quote);
    }
}
