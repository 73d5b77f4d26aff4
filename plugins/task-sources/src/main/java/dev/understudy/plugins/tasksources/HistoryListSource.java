package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.ShellTasks.LineJoins;
import dev.understudy.spi.TaskSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Reads what the command {@code history} of bash, zsh and ksh prints: a number, perhaps a time, and the command, whose
 * further lines have no number. A time is read if it is a date of ISO 8601; in any other form its day and month could be
 * taken for each other, so that it is passed over.
 */
@Extension
public final class HistoryListSource implements TaskSource {

    private static final Pattern NUMBERED =
            Pattern.compile("\\s{0,9}(\\d{1,9})(?:\\*\\s*|\\s+)(\\S.*)", Pattern.DOTALL);
    private static final Pattern ISO_TIME =
            Pattern.compile("\\[?(\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(?::\\d\\d)?)\\]?\\s+(\\S.*)", Pattern.DOTALL);
    private static final Pattern OTHER_TIME = Pattern.compile(
            "\\[?(?:\\d{1,4}[./-]\\d{1,2}[./-]\\d{1,4}|[A-Z][a-z]{2}\\.? +(?:\\d{1,2} +[A-Z]|[A-Z])[a-z]{2}\\.?[ \\d]*?)[ ,]+"
                    + "\\d{1,2}:\\d\\d(?::\\d\\d)?(?: [AP]M)?(?: [A-Z]{3,4})?(?: \\d{4})?\\]?\\s+(\\S.*)",
            Pattern.DOTALL);

    @Override
    public String name() {
        return "history";
    }

    @Override
    public String description() {
        return "what the command 'history' prints: numbered commands, with or without times";
    }

    @Override
    public double confidence(Probe probe) {
        if (!HistoryLines.isText(probe)) return 0;
        List<String> lines =
                probe.head().lines().filter(line -> !line.isBlank()).toList();
        long last = -1;
        int numbered = 0;
        for (String line : lines) {
            Matcher matcher = NUMBERED.matcher(line);
            if (!matcher.matches() || Long.parseLong(matcher.group(1)) <= last) continue;
            last = Long.parseLong(matcher.group(1));
            numbered++;
        }
        return numbered >= 2 && numbered * 10 >= lines.size() * 7 ? 0.92 : 0;
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var reader = new Reader(new ShellTasks(Shell.BASH, input, sink, LineJoins.NEVER));
        var lines = new HistoryLines(input, sink);
        for (String line = lines.nextText(); line != null; line = lines.nextText()) reader.read(lines.number(), line);
        reader.endEntry();
        reader.tasks.end();
        if (reader.times.localTimeSeen())
            sink.note("Time stamps without an offset are read in this machine's time zone.");
    }

    /** Reads the lines of one input. */
    private static final class Reader {
        private final ShellTasks tasks;
        private final Timestamps times = new Timestamps();
        private final StringBuilder entry = new StringBuilder();
        private @Nullable Instant time;
        private long entryLine;
        private long number = -1;
        private int column = -1;

        Reader(ShellTasks tasks) {
            this.tasks = tasks;
        }

        void read(long line, String text) {
            Matcher numbered = NUMBERED.matcher(text);
            if (!numbered.matches() || !begins(numbered)) {
                if (entry.isEmpty()) entryLine = line;
                else entry.append('\n');
                entry.append(text);
                return;
            }
            endEntry();
            number = Long.parseLong(numbered.group(1));
            entryLine = line;
            String rest = numbered.group(2);
            Matcher iso = ISO_TIME.matcher(rest);
            Matcher other = OTHER_TIME.matcher(rest);
            time = iso.matches() ? times.parse(iso.group(1)) : null;
            entry.append(time != null ? iso.group(2) : other.matches() ? other.group(1) : rest);
        }

        /** Numbers grow and stand below each other; where two lists were put together they begin again there. */
        private boolean begins(Matcher numbered) {
            if (column < 0) column = numbered.start(2);
            return numbered.start(2) == column || Long.parseLong(numbered.group(1)) > number;
        }

        void endEntry() {
            String command = entry.toString().strip();
            entry.setLength(0);
            if (command.isEmpty()) return;
            if (time == null) tasks.unstamped(entryLine, command);
            else tasks.stamped(entryLine, command, time, Duration.ZERO);
        }
    }
}
