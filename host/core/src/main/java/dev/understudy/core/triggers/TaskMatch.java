package dev.understudy.core.triggers;

import dev.understudy.spi.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares recorded tasks with a {@link Trigger.TaskRecorded}. Immutable. */
final class TaskMatch {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)}");
    /** A word of a command line, whose quotes are no part of it. */
    private static final String WORD = "('[^']*'|\"[^\"]*\"|[^\\s'\"]+)";

    private static final String TEXT = "(.+?)";

    private final String type;
    private final Map<String, Form> forms = new LinkedHashMap<>();

    private record Form(Pattern pattern, List<String> names) {}

    TaskMatch(Trigger.TaskRecorded trigger) {
        type = trigger.type();
        trigger.where().forEach((parameter, text) -> forms.put(parameter, form(parameter, text)));
    }

    /** The placeholders in a text. */
    static Set<String> placeholders(String text) {
        var names = new TreeSet<String>();
        Matcher match = PLACEHOLDER.matcher(text);
        while (match.find()) names.add(match.group(1));
        return names;
    }

    private static Form form(String parameter, String text) {
        String any = parameter.equals(Task.COMMAND) ? WORD : TEXT;
        var names = new ArrayList<String>();
        var regex = new StringBuilder();
        int end = 0;
        Matcher match = PLACEHOLDER.matcher(text);
        while (match.find()) {
            regex.append(Pattern.quote(text.substring(end, match.start()))).append(any);
            names.add(match.group(1));
            end = match.end();
        }
        regex.append(Pattern.quote(text.substring(end)));
        return new Form(Pattern.compile(regex.toString()), names);
    }

    /** What the placeholders stand for in this task; empty if it is no such task. */
    Optional<Map<String, String>> bindings(Task task) {
        if (!task.type().equals(type)) return Optional.empty();
        var bindings = new LinkedHashMap<String, String>();
        for (Map.Entry<String, Form> entry : forms.entrySet()) {
            Object value = task.parameters().get(entry.getKey());
            if (value == null || value instanceof List || value instanceof Map) return Optional.empty();
            Form form = entry.getValue();
            Matcher match = form.pattern.matcher(value.toString().strip());
            if (!match.matches()) return Optional.empty();
            for (int i = 0; i < form.names.size(); i++) {
                String bound = unquoted(match.group(i + 1));
                String before = bindings.putIfAbsent(form.names.get(i), bound);
                if (before != null && !before.equals(bound)) return Optional.empty();
            }
        }
        return Optional.of(bindings);
    }

    private static String unquoted(String word) {
        boolean quoted = word.length() >= 2
                && (word.charAt(0) == '\'' || word.charAt(0) == '"')
                && word.charAt(word.length() - 1) == word.charAt(0);
        return quoted ? word.substring(1, word.length() - 1) : word;
    }
}
