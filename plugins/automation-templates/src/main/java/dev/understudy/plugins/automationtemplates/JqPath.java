package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The end of a command that pipes what it fetches into jq, where jq only picks one value: a JSON pointer says the same. */
final class JqPath {
    private static final Pattern PATH = Pattern.compile("\\.|(\\.[A-Za-z_]\\w*|\\.?\\\\?\\[(\\d+|\"[^\"\\\\]+\")])++");
    private static final Pattern PART = Pattern.compile("\\.([A-Za-z_]\\w*)|\\[(\\d+)]|\\[\"([^\"\\\\]+)\"]");

    private JqPath() {}

    /**
     * A command without its jq.
     *
     * @param pattern whose arguments end before the pipe, a redirection of jq's output kept
     * @param pointer what jq picked; empty if the command has no jq
     * @param raw whether jq wrote texts without quotes
     */
    record Piped(TaskPattern pattern, Optional<String> pointer, boolean raw) {}

    static Piped cut(TaskPattern pattern) throws NotAutomatable {
        if (!(pattern.parameters().get(Task.ARGUMENTS) instanceof List<?> words))
            return new Piped(pattern, Optional.empty(), false);
        int pipe = words.indexOf("|");
        if (pipe < 0 || pipe + 1 >= words.size() || !"jq".equals(words.get(pipe + 1)))
            return new Piped(pattern, Optional.empty(), false);
        var kept = new ArrayList<Object>(words.subList(0, pipe));
        boolean raw = false;
        String path = "";
        for (int i = pipe + 2; i < words.size(); i++) {
            String word = String.valueOf(words.get(i));
            if (word.equals("-r") || word.equals("--raw-output")) raw = true;
            else if (word.equals(">") || word.equals("2>")) {
                kept.addAll(words.subList(i, words.size()));
                break;
            } else if (path.isEmpty() && PATH.matcher(word).matches()) path = word;
            else throw NotAutomatable.mine("what jq does with the answer is more than to pick one value");
        }
        if (path.isEmpty()) throw NotAutomatable.mine("jq says nothing to pick");
        return new Piped(ShellCommand.withArguments(pattern, kept), Optional.of(pointer(path)), raw);
    }

    private static String pointer(String path) {
        var pointer = new StringBuilder();
        Matcher part = PART.matcher(path.replace("\\", ""));
        while (part.find()) {
            String key = part.group(1) != null ? part.group(1) : part.group(2) != null ? part.group(2) : part.group(3);
            pointer.append('/').append(key.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }
}
