package dev.understudy.plugins.tasksources;

import dev.understudy.spi.TaskSource.Input;
import dev.understudy.spi.TaskSource.Probe;
import dev.understudy.spi.TaskSource.TaskSink;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The lines of a shell's history, of which those that are too long are reported and passed over. */
final class HistoryLines {

    private final ByteLines lines;
    private final TaskSink sink;

    HistoryLines(Input input, TaskSink sink) {
        this.lines = new ByteLines(input.stream());
        this.sink = sink;
    }

    /** The next line as bytes, which hold until the next call; null at the end, where NUL characters are noted. */
    @Nullable
    ByteLines next() throws IOException {
        while (lines.next()) {
            if (!lines.tooLong()) return lines;
            sink.skip(lines.number(), "it is longer than " + (ByteLines.MAX_LINE_BYTES >> 20) + " MiB");
        }
        if (lines.nulsSeen())
            sink.note(
                    "It holds NUL characters, as a crash of the machine leaves them: a command may be cut short there.");
        return null;
    }

    /** The next line as text; null at the end. */
    @Nullable
    String nextText() throws IOException {
        ByteLines line = next();
        return line == null ? null : Utf8.decode(line.buffer(), line.start(), line.end());
    }

    /** The number of the line that was given last. */
    long number() {
        return lines.number();
    }

    /** Whether a probe shows a text, apart from a few runs of NUL characters that a crash may have left. */
    static boolean isText(Probe probe) {
        String head = probe.head();
        int nulRuns = 0;
        int controls = 0;
        int lineEnds = 0;
        int rest = 0;
        for (int i = 0; i < head.length(); i++) {
            char c = head.charAt(i);
            if (c == 0) {
                if (i == 0 || head.charAt(i - 1) != 0) nulRuns++;
                continue;
            }
            rest++;
            if (c == '\n') lineEnds++;
            else if ((c < ' ' && c != '\t' && c != '\r' && c != '\u001b') || c == '\u007f') controls++;
        }
        return nulRuns == 0 || (rest > 0 && controls * 50 <= rest && nulRuns <= lineEnds + 1);
    }
}
