package dev.understudy.plugins.tasksources;

import dev.understudy.spi.TaskSource.Probe;
import dev.understudy.spi.TaskSource.Refusal;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is known to be no history that can be read, so that it is not taken for bash's. */
enum ForeignHistory {
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
            return OtherShells.share(probe.head(), ATUIN_LINE) >= MOST;
        }
    },
    TRANSCRIPT("a transcript of a terminal, with prompts and what the commands printed") {
        @Override
        boolean wrote(Probe probe) {
            return OtherShells.share(probe.head(), PROMPT) >= COMMON;
        }
    },
    DATABASE("an SQLite database") {
        @Override
        boolean wrote(Probe probe) {
            return OtherShells.isDatabase(probe)
                    && !OtherShells.nushellDatabase(probe)
                    && !OtherShells.xonshDatabase(probe)
                    && !OtherShells.atuinDatabase(probe);
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
                "Name the history of a shell, or write the commands as JSON Lines (task_type,"
                        + " timestamp, parameters)");
    }
}
