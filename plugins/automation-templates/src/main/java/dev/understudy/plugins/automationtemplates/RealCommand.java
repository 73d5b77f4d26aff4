package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command line that a pattern stands for, as Bash reads it: what the person typed, with other values. Each word is
 * quoted but for the wildcards and the tilde that were not; operators stay operators.
 */
final class RealCommand {
    private static final Pattern OPERATOR = Pattern.compile("\\|\\|?|&&|;|[0-9]*[<>][>&|]*-?[0-9]*");
    private static final Pattern QUOTED_OPERATOR = Pattern.compile("(['\"])(.*)\\1");

    /** A wildcard, a set of characters, or one of both that was quoted. */
    private static final Pattern WILDCARD = Pattern.compile("\\\\(?<quoted>[*?\\[])|(?<wild>[*?]|\\[[!^]?[\\w.:-]+])");

    private RealCommand() {}

    /**
     * The line with one task's values, as the metadata has it; empty if the pattern is no shell command.
     *
     * @param binding what each variable of the pattern holds
     */
    static Optional<Map<String, Object>> of(TaskPattern pattern, Map<String, String> binding) {
        if (!(pattern.parameters().get(Task.ARGUMENTS) instanceof List<?> arguments)) return Optional.empty();
        List<String> name = List.of(pattern.taskType().strip().split(" "));
        var line = new ArrayList<String>();
        int assignments = ShellCommand.assignments(name.getFirst(), arguments);
        for (Object assignment : arguments.subList(0, assignments)) line.add((String) assignment);
        line.addAll(name);
        var programs = new LinkedHashSet<>(List.of(name.getFirst()));
        for (Object argument : arguments.subList(assignments, arguments.size())) {
            if (!(argument instanceof String template)) return Optional.empty();
            Optional<String> run = Shape.listVariable(template);
            String text = run.isPresent()
                    ? binding.getOrDefault(run.get(), "")
                    : Shape.parse(template).fill(binding);
            for (String word : run.isPresent() ? text.split("\n", -1) : new String[] {text}) {
                if (line.getLast().equals("|")) programs.add(word);
                line.add(OPERATOR.matcher(word).matches() ? word : quoted(word));
            }
        }
        // GNU tar starts the program that compresses.
        if (programs.contains("tar")) programs.add("gzip");
        programs.addAll(Helpers.of(name.getFirst(), List.of()));
        var command = new LinkedHashMap<String, Object>();
        command.put("line", String.join(" ", line));
        if (pattern.parameters().get(Task.WORKING_DIRECTORY) instanceof String folder)
            command.put("folder", Shape.parse(folder).fill(binding));
        command.put("programs", List.copyOf(programs));
        return Optional.of(command);
    }

    private static String quoted(String word) {
        Matcher operator = QUOTED_OPERATOR.matcher(word);
        if (operator.matches() && OPERATOR.matcher(operator.group(2)).matches()) return literal(operator.group(2));
        boolean home = word.equals("~") || word.startsWith("~/");
        String rest = home ? word.substring(Math.min(2, word.length())) : word;
        var shown = new StringBuilder(home ? word.equals("~") ? "~" : "~/" : "");
        Matcher wildcard = WILDCARD.matcher(rest);
        int from = 0;
        var text = new StringBuilder();
        while (wildcard.find()) {
            text.append(rest, from, wildcard.start());
            from = wildcard.end();
            if (wildcard.group("wild") == null) {
                text.append(wildcard.group("quoted"));
                continue;
            }
            shown.append(text.isEmpty() ? "" : literal(text.toString())).append(wildcard.group("wild"));
            text.setLength(0);
        }
        text.append(rest, from, rest.length());
        if (!text.isEmpty() || shown.isEmpty()) shown.append(literal(text.toString()));
        return shown.toString();
    }

    private static String literal(String text) {
        return text.matches("[\\w@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
