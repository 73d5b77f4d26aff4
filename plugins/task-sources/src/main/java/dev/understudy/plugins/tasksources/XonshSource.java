package dev.understudy.plugins.tasksources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.understudy.plugins.tasksources.ShellTasks.LineJoins;
import dev.understudy.spi.TaskSource;
import java.io.BufferedInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Reads a session of xonsh (a JSON file each), or its database. Of a session only {@code cmds} is looked at: beside it stand
 * all variables of its environment, which are passed over as they are read, and in it what commands have printed.
 */
@Extension
public final class XonshSource implements TaskSource {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String TABLE = "xonsh_history";

    @Override
    public String name() {
        return "xonsh";
    }

    @Override
    public String description() {
        return "xonsh history (the sessions in ~/.local/share/xonsh, or xonsh-history.sqlite)";
    }

    @Override
    public double confidence(Probe probe) {
        if (OtherShells.isDatabase(probe)) return OtherShells.xonshDatabase(probe) ? 0.93 : 0;
        return OtherShells.xonshSession(probe) ? 0.93 : 0;
    }

    @Override
    public List<Path> discover(Path homeDirectory, Map<String, String> environment) {
        var places = new HistoryPlaces(homeDirectory, environment);
        return Stream.concat(places.named("XONSH_DATA_DIR"), places.data().map(folder -> folder.resolve("xonsh")))
                .flatMap(folder -> Stream.concat(
                        Stream.concat(sessions(folder), sessions(folder.resolve("history_json"))),
                        Stream.of(folder.resolve("xonsh-history.sqlite")).filter(Files::isRegularFile)))
                .distinct()
                .toList();
    }

    private static Stream<Path> sessions(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .filter(file -> file.getFileName().toString().matches("xonsh-.*\\.json"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException none) {
            return Stream.of();
        }
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var tasks = new ShellTasks(Shell.XONSH, input, sink, LineJoins.NEVER);
        if (input.tables().isPresent()) readDatabase(input.tables().get(), tasks, sink);
        else readSession(input, tasks, sink);
        tasks.end();
    }

    private static void readDatabase(Tables tables, ShellTasks tasks, TaskSink sink) throws IOException {
        var rows = new HistoryRows(sink);
        rows.read(tables, TABLE, List.of("inp", "rtn", "tsb", "tse"), List.of("tsb"), row -> {
            var command = new Command();
            command.input = row.text("inp");
            command.exit = row.number("rtn", 0);
            command.begin = row.real("tsb");
            command.end = row.real("tse");
            command.folder = row.text("cwd");
            command.give(rows.number(), tasks);
        });
    }

    private static void readSession(Input input, ShellTasks tasks, TaskSink sink) throws IOException {
        var stream = new PushbackInputStream(new BufferedInputStream(input.stream()));
        if (!skipToObject(stream, sink)) return;
        long number = 0;
        boolean found = false;
        try (JsonParser json = JSON.createParser((InputStream) stream)) {
            if (json.nextToken() != JsonToken.START_OBJECT) throw noSession();
            // As xonsh writes it, the session is the "data" of an object with the places of everything in it.
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("data") && value == JsonToken.START_OBJECT) continue;
                if (!name.equals("cmds") || value != JsonToken.START_ARRAY) {
                    json.skipChildren();
                    continue;
                }
                found = true;
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    number++;
                    command(json).give(number, tasks);
                }
            }
        } catch (JsonParseException | CharConversionException e) {
            sink.skip(number + 1, "the JSON ends or breaks behind command " + number);
            found = true;
        }
        if (!found) throw noSession();
    }

    /** Passes over lines before the one that begins the object; false at the end of an input without one. */
    private static boolean skipToObject(PushbackInputStream stream, TaskSink sink) throws IOException {
        long line = 1;
        boolean skipping = false;
        for (int each = stream.read(); each >= 0; each = stream.read()) {
            if (each == '\n') {
                line++;
                skipping = false;
            } else if (each == '{' && !skipping) {
                stream.unread(each);
                return true;
            } else if (!skipping && !Character.isWhitespace(each)) {
                sink.skip(line, "it is no part of a session of xonsh");
                skipping = true;
            }
        }
        return false;
    }

    private static RefusedException noSession() {
        return new RefusedException(
                new Refusal("it is JSON without the commands of a session of xonsh", "Name a file xonsh-….json"));
    }

    private static Command command(JsonParser json) throws IOException {
        var command = new Command();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "inp" -> command.input = value == JsonToken.VALUE_STRING ? json.getText() : "";
                case "cwd" -> command.folder = value == JsonToken.VALUE_STRING ? json.getText() : "";
                case "rtn" -> command.exit = value == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : 0;
                case "ts" -> {
                    List<Double> times = numbers(json, value);
                    command.begin = times.isEmpty() ? 0 : times.getFirst();
                    command.end = times.size() < 2 ? 0 : times.get(1);
                }
                default -> json.skipChildren();
            }
        }
        return command;
    }

    private static List<Double> numbers(JsonParser json, @Nullable JsonToken value) throws IOException {
        var numbers = new ArrayList<Double>();
        if (value != JsonToken.START_ARRAY) return numbers;
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == null) return numbers;
            numbers.add(token.isNumeric() ? json.getDoubleValue() : 0);
        }
        return numbers;
    }

    /** A command as it is read. */
    private static final class Command {
        String input = "";
        String folder = "";
        long exit;
        double begin;
        double end;

        void give(long number, ShellTasks tasks) {
            String command = input.strip();
            if (command.isEmpty()) return;
            // Within what a clock can have shown; a NaN is neither.
            if (!(begin > 0 && begin < Integer.MAX_VALUE * 4.0)) {
                tasks.unstamped(number, command);
                return;
            }
            double seconds = end > begin ? Math.min(end - begin, 1e8) : 0;
            tasks.stamped(
                    number,
                    command,
                    Instant.ofEpochMilli(Math.round(begin * 1000)),
                    new ShellTasks.Recorded(Duration.ofMillis(Math.round(seconds * 1000)), folder, exit == 0));
        }
    }
}
