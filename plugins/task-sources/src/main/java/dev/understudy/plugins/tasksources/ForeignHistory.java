package dev.understudy.plugins.tasksources;

import dev.understudy.spi.TaskSource.Probe;
import dev.understudy.spi.TaskSource.Refusal;
import java.util.Optional;
import java.util.regex.Pattern;

/** Histories of shells whose language is another one, known by what is in them, so that none is taken for bash's. */
enum ForeignHistory {
    POWERSHELL("the history of PowerShell") {
        @Override
        boolean wrote(Probe probe) {
            return probe.fileName().endsWith("Host_history.txt")
                    || (!marked(probe) && share(probe.head(), CMDLET) >= COMMON);
        }
    },
    NUSHELL("the history of nushell") {
        @Override
        boolean wrote(Probe probe) {
            if (database(probe)) return probe.head().contains("command_line");
            for (var folder : probe.path()) if (folder.toString().equals("nushell")) return true;
            return !marked(probe) && share(probe.head(), NUSHELL_LINE) >= COMMON;
        }
    },
    XONSH("a session of xonsh, which holds all variables of its environment besides the commands") {
        @Override
        boolean wrote(Probe probe) {
            if (database(probe)) return probe.head().contains("xonsh_history");
            String head = probe.head().stripLeading();
            return head.startsWith("{\"locs\"")
                    || (head.startsWith("{") && head.contains("\"cmds\"") && head.contains("\"sessionid\""));
        }
    },
    ELVISH("the database of elvish") {
        @Override
        boolean wrote(Probe probe) {
            // The magic number 0xED0CDAED of a Bolt file, little endian, where its first page's data begin.
            return probe.head().startsWith("\uFFFD\uFFFD\f\uFFFD", 16);
        }
    },
    ATUIN_LIST("what 'atuin history list' prints") {
        @Override
        boolean wrote(Probe probe) {
            return share(probe.head(), ATUIN_LINE) >= MOST;
        }
    },
    TRANSCRIPT("a transcript of a terminal, with prompts and what the commands printed") {
        @Override
        boolean wrote(Probe probe) {
            return share(probe.head(), PROMPT) >= COMMON;
        }
    },
    ATUIN("the database of atuin") {
        @Override
        boolean wrote(Probe probe) {
            return database(probe)
                    && probe.head().contains("history")
                    && probe.head().contains("cwd");
        }
    },
    DATABASE("an SQLite database") {
        @Override
        boolean wrote(Probe probe) {
            return database(probe);
        }
    };

    /** The share of lines that shows whose they are: a person's prose or another shell has hardly one. */
    private static final double COMMON = 0.2;

    private static final double MOST = 0.7;

    /** Time, command and duration. */
    private static final Pattern ATUIN_LINE =
            Pattern.compile("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\t.*\\t(?:\\d+[a-zµ]+)+$");
    /** As Debian's, Fedora's and macOS' shells write theirs. */
    private static final Pattern PROMPT =
            Pattern.compile("^(?:\\[[\\w.-]+@[\\w.-]+ [^\\]]*\\][$#%]|[\\w.-]+@[\\w.-]+(?::\\S*| \\S+ ?)[$#%]) ");

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

    private final String what;

    ForeignHistory(String what) {
        this.what = what;
    }

    /** The one that a probe shows. */
    static Optional<ForeignHistory> of(Probe probe) {
        for (ForeignHistory history : values()) if (history.wrote(probe)) return Optional.of(history);
        return Optional.empty();
    }

    abstract boolean wrote(Probe probe);

    Refusal refusal() {
        return new Refusal(
                "it is " + what + ", which is not read",
                "Name the history of bash, zsh, fish, tcsh or ksh, or write the commands as JSON Lines (task_type,"
                        + " timestamp, parameters)");
    }

    /** Whether it begins as a file of another kind does, whatever the commands in it look like. */
    private static boolean marked(Probe probe) {
        return MARK.matcher(probe.head()).lookingAt();
    }

    private static boolean database(Probe probe) {
        return probe.head().startsWith("SQLite format 3\0");
    }

    private static double share(String head, Pattern pattern) {
        String[] lines = head.lines().filter(line -> !line.isBlank()).toArray(String[]::new);
        int found = 0;
        for (String line : lines) if (pattern.matcher(line).find()) found++;
        return lines.length == 0 ? 0 : found / (double) lines.length;
    }
}
