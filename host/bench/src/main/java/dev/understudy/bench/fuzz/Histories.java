package dev.understudy.bench.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.plugins.tasksources.BashSource;
import dev.understudy.plugins.tasksources.CsvSource;
import dev.understudy.plugins.tasksources.FishSource;
import dev.understudy.plugins.tasksources.HistoryListSource;
import dev.understudy.plugins.tasksources.JsonLinesSource;
import dev.understudy.plugins.tasksources.KshSource;
import dev.understudy.plugins.tasksources.NushellSource;
import dev.understudy.plugins.tasksources.PowerShellSource;
import dev.understudy.plugins.tasksources.TcshSource;
import dev.understudy.plugins.tasksources.XesSource;
import dev.understudy.plugins.tasksources.XonshSource;
import dev.understudy.plugins.tasksources.ZshSource;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A history as some program left it; the first byte chooses the reader, so that each reads what is none of its own, too. */
public final class Histories {
    private static final List<TaskSource> SOURCES = List.of(
            new BashSource(),
            new ZshSource(),
            new FishSource(),
            new TcshSource(),
            new KshSource(),
            new XonshSource(),
            new NushellSource(),
            new PowerShellSource(),
            new HistoryListSource(),
            new JsonLinesSource(),
            new CsvSource(),
            new XesSource());
    private static final Instant WRITTEN = Instant.parse("2026-11-09T09:00:00Z");
    private static final int HEAD_CHARS = 64 * 1024;

    private Histories() {}

    /** Asks the reader how sure it is, and lets it read. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) return;
        TaskSource source = SOURCES.get((input[0] & 0xff) % SOURCES.size());
        Path file = Path.of("/home/person/history");
        String head = new String(input, 1, input.length - 1, UTF_8);
        var probe = new TaskSource.Probe(file, head.substring(0, Math.min(head.length(), HEAD_CHARS)));
        double confidence = source.confidence(probe);
        if (!(confidence >= 0 && confidence <= 1))
            throw new AssertionError(source.name() + " is sure by " + confidence);
        source.refusal(probe);
        var stream = new ByteArrayInputStream(input, 1, input.length - 1);
        try {
            source.read(new TaskSource.Input(file, stream, WRITTEN, Path.of("/home/person")), new Checking());
        } catch (TaskSource.RefusedException refused) {
            // As its documentation says.
        }
    }

    /** What the host relies on: that a task could be made is its record's own proof. */
    private static final class Checking implements TaskSource.TaskSink {
        @Override
        public void accept(Task task) {}

        @Override
        public void skip(long line, String reason) {
            if (line < 1) throw new AssertionError("an entry at line " + line);
            one(reason);
        }

        @Override
        public void note(String text) {
            one(text);
        }

        private static void one(String line) {
            if (line.isBlank() || line.contains("\n")) throw new AssertionError("no line for people: '" + line + "'");
        }
    }
}
