package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.ShellTasks.LineJoins;
import dev.understudy.spi.TaskSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.pf4j.Extension;

/**
 * Reads nushell's history: the database ({@code history.file_format = "sqlite"}), with times in milliseconds, folders and exit
 * codes, or the text, which has a command a line and nothing else, with {@code <\n>} for a line end in a command.
 */
@Extension
public final class NushellSource implements TaskSource {
    private static final String TABLE = "history";
    private static final String LINE_END = "<\\n>";
    private static final List<String> COLUMNS =
            List.of("command_line", "start_timestamp", "cwd", "duration_ms", "exit_status");

    @Override
    public String name() {
        return "nushell";
    }

    @Override
    public String description() {
        return "nushell history (~/.config/nushell/history.txt or history.sqlite3)";
    }

    @Override
    public double confidence(Probe probe) {
        if (OtherShells.isDatabase(probe)) return OtherShells.nushellDatabase(probe) ? 0.93 : 0;
        return HistoryLines.isText(probe) && OtherShells.nushell(probe) ? 0.93 : 0;
    }

    /** The database where there is one: the text of before is as a rule part of it. */
    @Override
    public List<Path> discover(Path homeDirectory, Map<String, String> environment) {
        var places = new HistoryPlaces(homeDirectory, environment);
        return places.config()
                .flatMap(folder -> Stream.of("history.sqlite3", "history.txt")
                        .map(folder.resolve("nushell")::resolve)
                        .filter(Files::isRegularFile)
                        .limit(1))
                .distinct()
                .toList();
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var tasks = new ShellTasks(Shell.NUSHELL, input, sink, LineJoins.NEVER);
        if (input.tables().isPresent()) readDatabase(input.tables().get(), tasks, sink);
        else readText(input, tasks, sink);
        tasks.end();
    }

    private static void readText(Input input, ShellTasks tasks, TaskSink sink) throws IOException {
        var lines = new HistoryLines(input, sink);
        for (String line = lines.nextText(); line != null; line = lines.nextText())
            tasks.unstamped(lines.number(), line.replace(LINE_END, "\n"));
    }

    private static void readDatabase(Tables tables, ShellTasks tasks, TaskSink sink) throws IOException {
        var rows = new HistoryRows(sink);
        rows.read(tables, TABLE, COLUMNS, List.of("start_timestamp"), row -> {
            String command = row.text("command_line");
            if (command.isBlank()) return;
            long millis = row.number("start_timestamp", 0);
            if (millis <= 0) tasks.unstamped(rows.number(), command);
            else
                tasks.stamped(
                        rows.number(),
                        command,
                        rows.time(millis, Duration.ofMillis(1)),
                        new ShellTasks.Recorded(
                                Duration.ofMillis(Math.max(0, row.number("duration_ms", 0))),
                                row.text("cwd"),
                                row.number("exit_status", 0) == 0));
        });
    }
}
