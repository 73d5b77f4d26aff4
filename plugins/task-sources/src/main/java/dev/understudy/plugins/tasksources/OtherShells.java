package dev.understudy.plugins.tasksources;

import dev.understudy.spi.TaskSource.Probe;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** How the histories of shells whose language is another one are known by what is in them, so that none is taken for bash's. */
final class OtherShells {
    /** The share of lines that shows whose they are: a person's prose or another shell has hardly one. */
    private static final double COMMON = 0.2;

    private static final Pattern CMDLET = Pattern.compile(
            "(?:^|[|;={(]\\s*)"
                    + "(?:Add|Clear|Compare|Compress|Connect|Convert|ConvertFrom|ConvertTo|Copy|Disable|Enable|Enter|Exit|Expand|"
                    + "Export|Find|ForEach|Format|Get|Import|Install|Invoke|Join|Measure|Move|New|Out|Read|Remove|Rename|Resolve|"
                    + "Restart|Save|Select|Send|Set|Show|Sort|Split|Start|Stop|Test|Uninstall|Update|Wait|Where|Write)-[A-Z]\\w+");
    private static final Pattern NUSHELL_LINE = Pattern.compile(
            "<\\\\n>|\\|\\s*(?:where|get|select|sort-by|group-by|each|reject|update|insert|save|from|to|lines|first|last)\\b"
                    + "|^(?:let|mut|def|open)\\s.*\\|");

    private static final Pattern MARK =
            Pattern.compile("\\uFEFF?\\s*(?:\\{\"|\\[|#\\+?\\d|- cmd: |: *\\d+:\\d+;|\\d+\\*?\\s)");

    private OtherShells() {}

    static boolean powerShell(Probe probe) {
        return probe.fileName().endsWith("Host_history.txt")
                || (!marked(probe) && share(probe.head(), CMDLET) >= COMMON);
    }

    static boolean nushell(Probe probe) {
        for (var folder : probe.path()) if (folder.toString().equals("nushell")) return true;
        return !marked(probe) && share(probe.head(), NUSHELL_LINE) >= COMMON;
    }

    static boolean xonshSession(Probe probe) {
        String head = probe.head().stripLeading();
        return head.startsWith("{\"locs\"")
                || (head.startsWith("{") && head.contains("\"cmds\"") && head.contains("\"sessionid\""));
    }

    static boolean isDatabase(Probe probe) {
        return probe.head().startsWith("SQLite format 3\0");
    }

    static boolean nushellDatabase(Probe probe) {
        return columns(probe, "history").containsAll(List.of("command_line", "start_timestamp"));
    }

    static boolean xonshDatabase(Probe probe) {
        return !columns(probe, "xonsh_history").isEmpty();
    }

    static boolean atuinDatabase(Probe probe) {
        return columns(probe, "history").containsAll(List.of("command", "cwd"));
    }

    private static List<String> columns(Probe probe, String table) {
        try {
            return probe.tables().isPresent() ? probe.tables().get().columns(table) : List.of();
        } catch (IOException damaged) {
            return List.of();
        }
    }

    /** Whether it begins as a file of another kind does, whatever the commands in it look like. */
    private static boolean marked(Probe probe) {
        return MARK.matcher(probe.head()).lookingAt();
    }

    static double share(String head, Pattern pattern) {
        String[] lines = head.lines().filter(line -> !line.isBlank()).toArray(String[]::new);
        int found = 0;
        for (String line : lines) if (pattern.matcher(line).find()) found++;
        return lines.length == 0 ? 0 : found / (double) lines.length;
    }
}
