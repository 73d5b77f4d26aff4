package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.ShellTasks.LineJoins;
import dev.understudy.spi.TaskSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.pf4j.Extension;

/**
 * Reads the history file of PSReadLine: a command a line, without times. A line end within a command is written as a backtick
 * and a line end, so a line that ends with a backtick goes on in the next. What looks like a secret PSReadLine does not write.
 */
@Extension
public final class PowerShellSource implements TaskSource {

    @Override
    public String name() {
        return "powershell";
    }

    @Override
    public String description() {
        return "PowerShell history (~/.local/share/powershell/PSReadLine/ConsoleHost_history.txt)";
    }

    @Override
    public double confidence(Probe probe) {
        return HistoryLines.isText(probe) && OtherShells.powerShell(probe) ? 0.93 : 0;
    }

    @Override
    public List<Path> discover(Path homeDirectory, Map<String, String> environment) {
        var places = new HistoryPlaces(homeDirectory, environment);
        return HistoryPlaces.existing(Stream.of("ConsoleHost_history.txt", "Visual Studio Code Host_history.txt")
                .flatMap(name -> places.data().map(folder -> folder.resolve("powershell/PSReadLine/" + name))));
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var tasks = new ShellTasks(Shell.POWERSHELL, input, sink, LineJoins.NEVER);
        var lines = new HistoryLines(input, sink);
        var entry = new StringBuilder();
        long from = 0;
        for (String read = lines.nextText(); read != null; read = lines.nextText()) {
            String line = read.startsWith("\uFEFF") ? read.substring(1) : read;
            if (entry.isEmpty()) from = lines.number();
            if (line.endsWith("`")) {
                entry.append(line, 0, line.length() - 1).append('\n');
                continue;
            }
            tasks.unstamped(from, entry.append(line).toString());
            entry.setLength(0);
        }
        if (!entry.isEmpty()) sink.skip(from, "its last lines are missing");
        tasks.end();
    }
}
