package __PACKAGE__;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pf4j.Extension;

/** Reads lines like {@code 2026-11-16T09:00:00Z backup photos}: when, what, and with what. */
@Extension
public final class __CLASS__ implements TaskSource {
    private static final Pattern LINE =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ) (\\w+)(?: (.+))?");

    @Override
    public String name() {
        return "__NAME__";
    }

    @Override
    public String description() {
        return "Lines of a time, a task and what it was done with";
    }

    @Override
    public double confidence(Probe probe) {
        return LINE.matcher(probe.head().lines().findFirst().orElse("")).matches() ? 0.9 : 0;
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(input.stream(), StandardCharsets.UTF_8));
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                sink.skip(number, "it does not begin with a time and a task");
                continue;
            }
            // The line's number stays the same when the file grows, and so does the id: nothing is imported twice.
            String id = input.path() + ":" + number;
            var what = parts.group(3) == null ? Map.<String, Object>of() : Map.<String, Object>of("what", parts.group(3));
            sink.accept(new Task(
                    id, parts.group(2), line, what, Instant.parse(parts.group(1)), Duration.ZERO, true));
        }
    }
}
