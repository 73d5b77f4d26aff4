package dev.understudy.core.tuning.program;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.text.ShellWord;
import dev.understudy.sandbox.control.ParameterVariable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command as a person writes it. Its values come as variables of the environment, {@code PARAM_WORKERS} for {@code workers}.
 * With placeholders, {@code {workers}}, it is taken apart into words here and started without a shell, so that no value is ever
 * read by one; otherwise the shell runs it.
 *
 * @param text as written
 * @param words of which placeholders are filled in; empty if the shell runs it
 */
record CommandText(String text, List<String> words) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_.:/-]*)}");
    private static final String SHELL_SIGNS = "|&;<>()$`*?#~";

    /**
     * Reads one.
     *
     * @param role for messages, for example {@code objective}
     * @param names of the parameters
     * @throws UserException if it holds both placeholders and what only a shell understands
     */
    static CommandText of(String role, String text, Collection<String> names) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        boolean placed = matcher.results().anyMatch(found -> names.contains(found.group(1)));
        return new CommandText(
                text,
                placed
                        ? split(
                                role,
                                text,
                                sign -> UserException.badInput(
                                        "The " + role + " holds both a placeholder and the shell's '" + sign + "'",
                                        "a command with placeholders is started without a shell, so that no value is read by one",
                                        "Write \"$" + "PARAM_NAME\" for {name}, or put the sign into quotes"))
                        : List.of());
    }

    /**
     * Takes a command apart into words, as a shell does that knows nothing but quotes.
     *
     * @param role for messages
     * @param refusal what to say of a sign that only a whole shell understands
     * @throws UserException if it holds such a sign, or a quote that is not closed
     */
    static List<String> split(String role, String text, Function<Character, UserException> refusal) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean begun = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != '\'' && (c == '\\' && i + 1 < text.length())) {
                word.append(text.charAt(++i));
                begun = true;
            } else if (quote == 0 ? c == '\'' || c == '"' : c == quote) {
                quote = quote == 0 ? c : 0;
                begun = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (begun) words.add(word.toString());
                word.setLength(0);
                begun = false;
            } else if (quote != '\'' && (quote == 0 ? SHELL_SIGNS : "$`").indexOf(c) >= 0) {
                throw refusal.apply(c);
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (quote != 0)
            throw UserException.badInput(
                    "The " + role + " cannot be read", "a quote is not closed", "Close it: " + quote);
        if (begun) words.add(word.toString());
        return List.copyOf(words);
    }

    /** The words to start, with these values. */
    List<String> argv(Map<String, String> values) {
        if (words.isEmpty()) return List.of("/bin/sh", "-c", text);
        return words.stream()
                .map(word -> PLACEHOLDER
                        .matcher(word)
                        .replaceAll(
                                found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group()))))
                .toList();
    }

    /** What a person would type to start it with these values. */
    String line(Map<String, String> values) {
        if (!words.isEmpty())
            return String.join(" ", argv(values).stream().map(ShellWord::quoted).toList());
        var line = new StringBuilder();
        variables(values)
                .forEach((name, value) -> line.append(name)
                        .append('=')
                        .append(ShellWord.quoted(value))
                        .append(' '));
        // Only one simple command takes variables written before it.
        boolean simple = text.chars().noneMatch(c -> "|&;<>()$`\n".indexOf(c) >= 0);
        return line + (simple ? text : "sh -c " + ShellWord.quoted(text));
    }

    /** The variables of the environment. */
    static Map<String, String> variables(Map<String, String> values) {
        var variables = new LinkedHashMap<String, String>();
        values.forEach((name, value) -> variables.put(ParameterVariable.of(name), value));
        return variables;
    }
}
