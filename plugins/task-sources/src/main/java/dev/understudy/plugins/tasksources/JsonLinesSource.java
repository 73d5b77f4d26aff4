package dev.understudy.plugins.tasksources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.understudy.plugins.tasksources.UnreadableEntryException.Cause;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Reads JSON Lines: an object a line with {@code task_type} and {@code timestamp} (ISO 8601), and optionally {@code
 * task_id}, {@code description}, {@code parameters}, {@code duration_ms} and {@code success}. Other fields are ignored.
 *
 * <p>A line without {@code task_id} gets one from its bytes. A null is as good as an absent field. An integer beyond 64
 * bits stays exact as text. Relative paths belong to the folder of the file, so every task's {@code working_directory} is
 * that folder, or what the line says, resolved against it.
 */
@Extension
public final class JsonLinesSource implements TaskSource {

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100)
                    .maxStringLength(ByteLines.MAX_LINE_BYTES)
                    .build())
            .build();

    private static final BigDecimal MAX_DURATION_MILLIS = BigDecimal.valueOf(Long.MAX_VALUE / 1_000_000);

    @Override
    public String name() {
        return "jsonl";
    }

    @Override
    public String description() {
        return "JSON Lines with task_type, timestamp and optionally task_id, description, parameters, duration_ms, success";
    }

    @Override
    public double confidence(Probe probe) {
        if (probe.head().indexOf('\0') >= 0) return 0;
        String head = probe.head().startsWith("\uFEFF") ? probe.head().substring(1) : probe.head();
        String first = head.lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("")
                .strip();
        if (first.startsWith("{") && first.contains("\"task_type\"")) return 1;
        String name = probe.fileName();
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) return 0.9;
        if (name.endsWith(".json")) return 0.5;
        // Also a shell command may begin with a brace, but hardly with a JSON object's first name.
        return first.startsWith("{\"") || first.equals("{") || first.equals("[") || first.startsWith("[{") ? 0.5 : 0;
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var lines = new ByteLines(input.stream());
        var reader = new Reader(input.baseDirectory().toAbsolutePath().normalize());
        while (lines.next()) {
            if (lines.tooLong()) {
                sink.skip(lines.number(), "it is longer than " + (ByteLines.MAX_LINE_BYTES >> 20) + " MiB");
            } else if (!lines.blank()) {
                try {
                    sink.accept(reader.read(lines.buffer(), lines.start(), lines.end()));
                } catch (UnreadableEntryException unreadable) {
                    sink.skip(lines.number(), unreadable.reason());
                }
            }
        }
        if (reader.timestamps.localTimeSeen())
            sink.note("Time stamps without an offset are read in this machine's time zone.");
    }

    /** Reads the lines of one input. */
    private static final class Reader {
        private final Path baseDirectory;
        private final String baseDirectoryText;
        private final StableId ids = new StableId();
        private final RecentTexts texts = new RecentTexts();
        private final Timestamps timestamps = new Timestamps();
        private final Map<String, Object> parameters = new LinkedHashMap<>();

        Reader(Path baseDirectory) {
            this.baseDirectory = baseDirectory;
            this.baseDirectoryText = baseDirectory.toString();
        }

        Task read(byte[] bytes, int start, int end) throws UnreadableEntryException {
            try (JsonParser parser = JSON.createParser(bytes, start, end - start)) {
                return read(parser, bytes, start, end);
            } catch (JsonProcessingException broken) {
                String text = Utf8.decode(bytes, start, end);
                // Jackson refuses malformed UTF-8; what the bytes stand for may be a good object all the same.
                if (text.chars().anyMatch(c -> c >= '\uEF80' && c <= '\uEFFF')) return read(text, bytes, start, end);
                throw notJson(broken);
            } catch (IOException impossible) {
                throw new IllegalStateException("reading from memory failed", impossible);
            }
        }

        private Task read(String text, byte[] bytes, int start, int end) throws UnreadableEntryException {
            try (JsonParser parser = JSON.createParser(text)) {
                return read(parser, bytes, start, end);
            } catch (JsonProcessingException broken) {
                throw notJson(broken);
            } catch (IOException impossible) {
                throw new IllegalStateException("reading from memory failed", impossible);
            }
        }

        private static UnreadableEntryException notJson(JsonProcessingException broken) {
            // Jackson's message quotes the text, so only the place is told.
            int column = broken.getLocation() == null
                    ? 1
                    : Math.max(1, broken.getLocation().getColumnNr());
            return malformed("it is not valid JSON (column " + column + ")");
        }

        private static UnreadableEntryException malformed(String reason) {
            return new UnreadableEntryException(Cause.MALFORMED, reason);
        }

        private Task read(JsonParser parser, byte[] bytes, int start, int end)
                throws IOException, UnreadableEntryException {
            if (parser.nextToken() != JsonToken.START_OBJECT) throw malformed("it is not a JSON object");
            String id = "";
            String type = "";
            String description = "";
            Instant timestamp = null;
            Duration duration = Duration.ZERO;
            boolean success = true;
            parameters.clear();
            String field;
            while ((field = parser.nextFieldName()) != null) {
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_NULL) continue;
                switch (field) {
                    case "task_id" -> id = scalarText(parser, value, field);
                    case "task_type" -> type = texts.canonical(scalarText(parser, value, field));
                    case "description" -> description = scalarText(parser, value, field);
                    case "timestamp" -> timestamp = timestamp(parser, value);
                    case "duration_ms" -> duration = duration(parser, value);
                    case "success" -> success = truth(parser, value);
                    case "parameters" -> {
                        if (value != JsonToken.START_OBJECT) throw malformed("'parameters' must be an object");
                        readObject(parser, parameters);
                    }
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) throw malformed("there is more after the JSON object");
            if (type.isBlank()) throw malformed("'task_type' is missing");
            if (timestamp == null) throw malformed("'timestamp' is missing");
            if (id.isBlank()) id = ids.add(bytes, start, end).next("jsonl-");
            addWorkingDirectory();
            return new Task(id, type, description, parameters, timestamp, duration, success);
        }

        private void addWorkingDirectory() throws UnreadableEntryException {
            Object given = parameters.get(Task.WORKING_DIRECTORY);
            if (!(given instanceof String directory) || directory.isBlank()) {
                parameters.put(Task.WORKING_DIRECTORY, baseDirectoryText);
            } else if (!directory.startsWith("/") && !directory.startsWith("~")) {
                try {
                    String resolved =
                            baseDirectory.resolve(directory).normalize().toString();
                    parameters.put(Task.WORKING_DIRECTORY, texts.canonical(resolved));
                } catch (java.nio.file.InvalidPathException invalid) {
                    throw malformed("'" + Task.WORKING_DIRECTORY + "' is no path");
                }
            }
        }

        private static String scalarText(JsonParser parser, JsonToken value, String field)
                throws IOException, UnreadableEntryException {
            if (value.isStructStart()) throw malformed("'" + field + "' must be a text");
            return parser.getText();
        }

        private Instant timestamp(JsonParser parser, JsonToken value) throws IOException, UnreadableEntryException {
            Instant timestamp = value == JsonToken.VALUE_STRING ? timestamps.parse(parser.getText()) : null;
            if (timestamp == null) throw malformed("'timestamp' must be an ISO 8601 time such as 2026-11-16T09:00:00Z");
            return timestamp;
        }

        private static Duration duration(JsonParser parser, JsonToken value)
                throws IOException, UnreadableEntryException {
            if (value == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                long millis = parser.getLongValue();
                if (millis >= 0 && millis <= Long.MAX_VALUE / 1_000_000) return Duration.ofMillis(millis);
            } else if (value == JsonToken.VALUE_NUMBER_FLOAT) {
                BigDecimal millis = parser.getDecimalValue();
                if (millis.signum() >= 0 && millis.compareTo(MAX_DURATION_MILLIS) <= 0)
                    return Duration.ofNanos(millis.movePointRight(6).longValue());
            }
            throw malformed("'duration_ms' must be a number of milliseconds that is not negative");
        }

        private static boolean truth(JsonParser parser, JsonToken value) throws IOException, UnreadableEntryException {
            if (!value.isBoolean()) throw malformed("'success' must be true or false");
            return parser.getBooleanValue();
        }

        private void readObject(JsonParser parser, Map<String, Object> object) throws IOException {
            String name;
            while ((name = parser.nextFieldName()) != null) {
                Object value = readValue(parser, parser.nextToken());
                if (value != null) object.put(name, value);
            }
        }

        private @Nullable Object readValue(JsonParser parser, JsonToken token) throws IOException {
            return switch (token) {
                case START_OBJECT -> {
                    var object = new LinkedHashMap<String, Object>();
                    readObject(parser, object);
                    yield object;
                }
                case START_ARRAY -> {
                    var items = new ArrayList<Object>();
                    JsonToken next;
                    while ((next = parser.nextToken()) != JsonToken.END_ARRAY) {
                        Object item = readValue(parser, next);
                        if (item != null) items.add(item);
                    }
                    yield List.copyOf(items);
                }
                case VALUE_STRING -> texts.canonical(parser.getText());
                case VALUE_NUMBER_INT ->
                    parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                            ? parser.getText()
                            : (Object) parser.getLongValue();
                case VALUE_NUMBER_FLOAT -> {
                    double number = parser.getDoubleValue();
                    yield Double.isFinite(number) ? (Object) number : parser.getText();
                }
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case VALUE_NULL -> null;
                case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                    throw new IllegalStateException("no value begins with " + token);
            };
        }
    }
}
