package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.ShellTasks.LineJoins;
import dev.understudy.spi.TaskSource;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.pf4j.Extension;

/**
 * Reads the history files of ksh93 and mksh, in which a NUL character ends each command of one or more lines.
 *
 * <p>ksh93 begins its file with the bytes 0x81 0x01, takes the command before back by 0x81, and writes the next command's
 * number as 0x82, a NUL, three bytes and a NUL. mksh begins with 0xAB 0xCD, and each command with 0xFF and four bytes of
 * its number. (Seen in what ksh93u+m 1.0.4 and mksh 59c write.)
 */
@Extension
public final class KshSource implements TaskSource {

    private static final int MAX_COMMAND_BYTES = 1 << 20;

    @Override
    public String name() {
        return "ksh";
    }

    @Override
    public String description() {
        return "ksh93 and mksh history (~/.sh_history)";
    }

    @Override
    public double confidence(Probe probe) {
        String head = probe.head();
        return head.startsWith("\uFFFD\u0001") || head.startsWith("\uFFFD\uFFFD\uFFFD\0") ? 0.95 : 0;
    }

    @Override
    public List<Path> discover(Path homeDirectory) {
        return HistoryPlaces.existing(
                Stream.of(".sh_history", ".ksh_history", ".mksh_history").map(homeDirectory::resolve));
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var tasks = new ShellTasks(Shell.KSH, input, sink, LineJoins.NEVER);
        var stream = new BufferedInputStream(input.stream());
        var command = new ByteArrayOutputStream();
        long number = 0;
        for (int first = stream.read(); first >= 0; first = stream.read()) {
            switch (first) {
                case 0x81 -> {
                    if (stream.read() == 0 && number > 0) tasks.takeBack(number);
                }
                // The last of them may be cut off, where the shell was ended while it wrote.
                case 0x82 -> stream.readNBytes(5);
                case 0xAB -> stream.readNBytes(1);
                case 0xFF -> stream.readNBytes(4);
                case 0, '\n' -> {}
                default -> {
                    command.reset();
                    command.write(first);
                    number++;
                    if (readCommand(stream, command)) {
                        String text = Utf8.decode(command.toByteArray(), 0, command.size());
                        if (!text.isBlank()) tasks.unstamped(number, text.strip());
                    } else sink.skip(number, "it is longer than " + (MAX_COMMAND_BYTES >> 20) + " MiB");
                }
            }
        }
        tasks.end();
    }

    /** Reads up to the NUL; false if the command is too long, and then only its end is looked for. */
    private static boolean readCommand(InputStream stream, ByteArrayOutputStream command) throws IOException {
        for (int next = stream.read(); next > 0; next = stream.read())
            if (command.size() <= MAX_COMMAND_BYTES) command.write(next);
        return command.size() <= MAX_COMMAND_BYTES;
    }
}
