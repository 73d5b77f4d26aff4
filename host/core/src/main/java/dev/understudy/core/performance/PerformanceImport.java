package dev.understudy.core.performance;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.PerformanceMetric;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads metrics and executions from JSON Lines: one object a line, a metric if it has a {@code metric_id}, an execution if it
 * has {@code steps}.
 *
 * <pre>{@code
 * {"metric_id":"1","process_name":"backup","timestamp":"2026-11-09T09:00:00Z","duration_ms":900,"cpu_usage":12.5,"memory_usage":3.0,"success":true}
 * {"id":"7","workflow":"deploy","start":"…Z","end":"…Z","state":"succeeded","steps":[{"name":"build","start":"…Z","end":"…Z","state":"succeeded",
 *   "attributes":{"module":"core"},"cpu_percent":80,"memory_percent":20}]}
 * }</pre>
 *
 * <p>An OTLP trace file is read as well: a line, or the whole file, that holds {@code resourceSpans}; what OpenTelemetry's Java
 * logging exporter writes to a log; or export requests as Protocol Buffers, one after the other or each after its length in four
 * bytes. Objects may stand in lists, and several on a line. What cannot be read is counted and named, and the rest goes on. A file
 * that is still being written may be imported again and again: what is known counts once.
 */
public final class PerformanceImport {
    private static final int BATCH = 2000;

    /** Traces of which more spans wait are taken for complete, the oldest first. */
    private static final int MAX_WAITING_SPANS = 200_000;

    private static final int MAX_LINE = 64 << 20;
    private static final int MAX_PROBLEMS = 20;
    private static final char BYTE_ORDER_MARK = '\ufeff';

    /** By this the Java logging exporter is named in the lines of java.util.logging, above what it exports. */
    private static final String LOGGING_EXPORTER = "OtlpJsonLoggingSpanExporter";

    /** What a logger puts before an exported object: a level, a time, the logger's name. */
    private static final Pattern LOGGED = Pattern.compile("\\A[^{\\[]*(?=\\{\"(resource|resourceSpans|scopeSpans)\")");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final PerformanceHistory history;
    private final List<PerformanceMetric> metrics = new ArrayList<>();
    private final List<WorkflowExecution> executions = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final TraceAssembler traces = new TraceAssembler(MAX_WAITING_SPANS);
    private long metricsAdded;
    private long executionsAdded;
    private long skipped;
    private boolean recognised;

    private PerformanceImport(PerformanceHistory history) {
        this.history = history;
    }

    /**
     * What an import did.
     *
     * @param metrics how many metrics were new
     * @param executions how many executions were new
     * @param skipped how many lines or spans could not be read
     * @param problems the first of them, one line each
     */
    public record Report(long metrics, long executions, long skipped, List<String> problems) {
        public Report {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Imports a file.
     *
     * @throws UserException if it cannot be read, or nothing in it is a metric, an execution or a trace
     */
    public static Report file(PerformanceHistory history, Path file) {
        var reading = new PerformanceImport(history);
        try {
            switch (TraceFile.formOf(file)) {
                case TEXT -> reading.lines(file);
                case MESSAGES, FRAMED_MESSAGES -> TraceFile.read(file, reading::spans);
            }
        } catch (NoSuchFileException e) {
            throw UserException.badInput(
                    "'" + file + "' cannot be imported", "there is no such file", "Check the name and the folder");
        } catch (InvalidProtocolBufferException e) {
            throw UserException.badInput(
                    "'" + file + "' cannot be imported",
                    "it is neither UTF-8 text nor export requests of traces",
                    "Name a JSON Lines file of metrics or executions, or an OTLP trace file");
        } catch (CharacterCodingException e) {
            throw UserException.badInput(
                    "'" + file + "' cannot be imported",
                    "it is not UTF-8 text",
                    "Name a JSON Lines file of metrics or executions, or an OTLP trace file in JSON");
        } catch (IOException e) {
            throw UserException.failed(
                    "'" + file + "' cannot be imported",
                    "reading it failed (" + e.getMessage() + ")",
                    "Check that it is a file and may be read",
                    e);
        }
        Report report = reading.finish();
        if (!reading.recognised && report.skipped() > 0)
            throw UserException.badInput(
                    "'" + file + "' cannot be imported",
                    "nothing in it is a metric, an execution or a trace: "
                            + report.problems().getFirst(),
                    "'workflows --help' shows what a line looks like");
        return report;
    }

    private void lines(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            var line = new StringBuilder();
            long number = 0;
            for (boolean more = true; more; ) {
                more = readLine(reader, line);
                number++;
                if (number == 1 && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK) line.deleteCharAt(0);
                if (line.length() > MAX_LINE) skip("line " + number + " is longer than 64 MiB");
                else if (!line.toString().isBlank() && !line(line.toString(), number)) {
                    whole(file);
                    return;
                }
            }
        }
    }

    /** Reads a line of which as much is kept as shows that it is too long; false at the end. */
    private static boolean readLine(BufferedReader reader, StringBuilder line) throws IOException {
        line.setLength(0);
        for (int next = reader.read(); next >= 0; next = reader.read()) {
            if (next == '\n') return true;
            if (line.length() <= MAX_LINE) line.append((char) next);
        }
        return false;
    }

    /** Reads a file whose objects go over several lines. */
    private void whole(Path file) throws IOException {
        if (Files.size(file) > MAX_LINE) {
            skip("an object goes over several lines, in a file of more than 64 MiB: write one a line");
            return;
        }
        try (MappingIterator<JsonNode> objects =
                MAPPER.readerFor(JsonNode.class).readValues(file.toFile())) {
            for (long number = 1; objects.hasNextValue(); number++) object(objects.nextValue(), "object " + number);
        } catch (JsonProcessingException e) {
            skip("it is no JSON: " + e.getOriginalMessage());
        }
    }

    /** False if it is the beginning of an object that goes over several lines, and nothing was read before it. */
    private boolean line(String line, long number) {
        String text = LOGGED.matcher(line).replaceFirst("");
        if (line.contains(LOGGING_EXPORTER) && text.indexOf('{') < 0) return true;
        try (JsonParser objects = MAPPER.createParser(text)) {
            while (objects.nextToken() != null) object(objects.readValueAsTree(), "line " + number);
        } catch (JsonEOFException e) {
            if (!recognised && skipped == 0) return false;
            skip("line " + number + " is cut off");
        } catch (JsonProcessingException e) {
            skip("line " + number + " is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("reading a text in memory", e);
        }
        return true;
    }

    private void object(JsonNode json, String where) {
        if (json.isArray() && !json.isEmpty()) {
            for (JsonNode each : json) object(each, where);
            return;
        }
        try {
            if (json.has("metric_id")) recognised |= metrics.add(metric(json));
            else if (json.has("steps")) recognised |= executions.add(execution(json));
            else if (OtlpJson.isRequest(json)) spans(OtlpJson.read(json));
            else throw new IllegalArgumentException("it has neither metric_id nor steps nor resourceSpans");
            if (metrics.size() + executions.size() >= BATCH) write();
        } catch (IllegalArgumentException | DateTimeException e) {
            skip(where + ": " + e.getMessage());
        }
    }

    private void skip(String problem) {
        skipped++;
        if (problems.size() < MAX_PROBLEMS) problems.add(problem.replaceAll("\\R+", " "));
    }

    private void spans(OtlpJson.Spans read) {
        recognised |= !read.spans().isEmpty();
        read.problems().forEach(this::skip);
        traces.add(read.spans(), 0, 0);
        if (traces.waiting() > MAX_WAITING_SPANS) executions.addAll(traces.finish(0));
        if (executions.size() >= BATCH) write();
    }

    private void write() {
        metricsAdded += history.recordMetrics(metrics);
        executionsAdded += history.recordExecutions(executions);
        metrics.clear();
        executions.clear();
    }

    private Report finish() {
        executions.addAll(traces.finishAll());
        traces.takeProblems().forEach(this::skip);
        write();
        return new Report(metricsAdded, executionsAdded, skipped, problems);
    }

    static PerformanceMetric metric(JsonNode json) {
        return new PerformanceMetric(
                text(json, "metric_id"),
                text(json, "process_name"),
                instant(json, "timestamp"),
                Duration.ofNanos(Math.round(number(json, "duration_ms") * 1e6)),
                json.path("cpu_usage").asDouble(0),
                json.path("memory_usage").asDouble(0),
                json.path("success").asBoolean(true),
                json.path("io_bytes").asDouble(Double.NaN));
    }

    static WorkflowExecution execution(JsonNode json) {
        var steps = new ArrayList<StepExecution>();
        for (JsonNode step : json.path("steps")) {
            Map<String, String> attributes = new LinkedHashMap<>();
            step.path("attributes")
                    .properties()
                    .forEach(each ->
                            attributes.put(each.getKey(), each.getValue().asText()));
            steps.add(new StepExecution(
                    text(step, "name"),
                    instant(step, "start"),
                    instant(step, "end"),
                    state(step),
                    SpanLimits.attributes(attributes),
                    new ResourceUse(
                            step.path("cpu_percent").asDouble(Double.NaN),
                            step.path("memory_percent").asDouble(Double.NaN),
                            step.path("io_bytes").asDouble(Double.NaN))));
        }
        return new WorkflowExecution(
                text(json, "id"),
                text(json, "workflow"),
                instant(json, "start"),
                instant(json, "end"),
                state(json),
                steps);
    }

    private static ExecutionState state(JsonNode json) {
        String word = json.path("state").asText("succeeded").toUpperCase(Locale.ROOT);
        for (ExecutionState state : ExecutionState.values()) if (state.name().equals(word)) return state;
        throw new IllegalArgumentException(
                "'state' is '" + word.toLowerCase(Locale.ROOT) + "', but must be succeeded, failed or cancelled");
    }

    private static String text(JsonNode json, String key) {
        JsonNode value = json.path(key);
        if (!value.isTextual() && !value.isNumber()) throw new IllegalArgumentException("'" + key + "' is missing");
        return value.asText();
    }

    private static double number(JsonNode json, String key) {
        JsonNode value = json.path(key);
        if (!value.isNumber()) throw new IllegalArgumentException("'" + key + "' is missing or no number");
        return value.asDouble();
    }

    private static Instant instant(JsonNode json, String key) {
        return Instant.parse(text(json, key));
    }
}
