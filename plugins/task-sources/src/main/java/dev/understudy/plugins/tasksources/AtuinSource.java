package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.ShellTasks.LineJoins;
import dev.understudy.spi.TaskSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.pf4j.Extension;

/**
 * Reads atuin's database: times and durations in nanoseconds, folders and exit codes (-1 where it has not heard of the end).
 * What its later versions have added it reads where it is there: {@code deleted_at}, and the shell that a command was typed
 * into; without that a command is read as bash's.
 */
@Extension
public final class AtuinSource implements TaskSource {
    private static final String TABLE = "history";
    private static final List<String> COLUMNS = List.of("command", "timestamp", "duration", "exit", "cwd");
    private static final long UNKNOWN_END = -1;

    @Override
    public String name() {
        return "atuin";
    }

    @Override
    public String description() {
        return "atuin's database (~/.local/share/atuin/history.db)";
    }

    @Override
    public double confidence(Probe probe) {
        return OtherShells.isDatabase(probe) && OtherShells.atuinDatabase(probe) ? 0.93 : 0;
    }

    /** Only where no shell keeps a history of its own, since atuin's holds the same commands again. */
    @Override
    public List<Path> discover(Path homeDirectory, Map<String, String> environment) {
        boolean others = Stream.of(new BashSource(), new ZshSource(), new FishSource())
                .anyMatch(source -> !source.discover(homeDirectory, environment).isEmpty());
        if (others) return List.of();
        var places = new HistoryPlaces(homeDirectory, environment);
        return HistoryPlaces.existing(places.data().map(folder -> folder.resolve("atuin/history.db")));
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        Tables tables = input.tables()
                .orElseThrow(
                        () -> new RefusedException(new Refusal("it is no SQLite database", "Name atuin's history.db")));
        var byShell = new EnumMap<Shell, ShellTasks>(Shell.class);
        var rows = new HistoryRows(sink);
        rows.read(tables, TABLE, COLUMNS, List.of("timestamp"), row -> {
            String command = row.text("command");
            if (command.isBlank() || row.number("deleted_at", 0) != 0) return;
            long exit = row.number("exit", UNKNOWN_END);
            byShell.computeIfAbsent(
                            shell(row.text("shell")), shell -> new ShellTasks(shell, input, sink, LineJoins.NEVER))
                    .stamped(
                            rows.number(),
                            command,
                            rows.time(row.number("timestamp", 0), Duration.ofNanos(1)),
                            new ShellTasks.Recorded(
                                    Duration.ofNanos(Math.max(0, row.number("duration", 0))),
                                    row.text("cwd"),
                                    exit == 0 || exit == UNKNOWN_END));
        });
        byShell.values().forEach(ShellTasks::end);
    }

    private static Shell shell(String name) {
        return switch (name) {
            case "zsh" -> Shell.ZSH;
            case "fish" -> Shell.FISH;
            case "nu", "nushell" -> Shell.NUSHELL;
            case "xonsh" -> Shell.XONSH;
            case "powershell", "pwsh" -> Shell.POWERSHELL;
            default -> Shell.BASH;
        };
    }
}
