package dev.understudy.core.performance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Steps as they lie in the store: {@code [[name, start, duration, state, {attributes}, cpu, memory, io], …]}, the start in
 * nanoseconds since that of the execution, the duration in nanoseconds, and no elements at the end for what was not measured.
 */
final class StepJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private StepJson() {}

    static String write(Instant executionStart, List<StepExecution> steps) {
        var text = new StringWriter(64 * steps.size() + 2);
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartArray();
            for (StepExecution step : steps) {
                json.writeStartArray();
                json.writeString(step.name());
                json.writeNumber(Duration.between(executionStart, step.start()).toNanos());
                json.writeNumber(step.duration().toNanos());
                json.writeString(step.state().name());
                json.writeStartObject();
                for (Map.Entry<String, String> attribute : step.attributes().entrySet())
                    json.writeStringField(attribute.getKey(), attribute.getValue());
                json.writeEndObject();
                if (step.use().isKnown()) {
                    writeFigure(json, step.use().cpuPercent());
                    writeFigure(json, step.use().memoryPercent());
                    if (!Double.isNaN(step.use().ioBytes()))
                        json.writeNumber(step.use().ioBytes());
                }
                json.writeEndArray();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void writeFigure(JsonGenerator json, double figure) throws IOException {
        if (Double.isNaN(figure)) json.writeNull();
        else json.writeNumber(figure);
    }

    static List<StepExecution> read(Instant executionStart, String text) {
        var steps = new ArrayList<StepExecution>();
        try (JsonParser json = FACTORY.createParser(text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.START_ARRAY) steps.add(readStep(executionStart, json));
        } catch (IOException e) {
            throw new IllegalStateException("stored steps are no JSON", e);
        }
        return steps;
    }

    private static StepExecution readStep(Instant executionStart, JsonParser json) throws IOException {
        String name = json.nextTextValue();
        Instant start = executionStart.plusNanos(json.nextLongValue(0));
        Instant end = start.plusNanos(json.nextLongValue(0));
        ExecutionState state = ExecutionState.valueOf(json.nextTextValue());
        var attributes = new LinkedHashMap<String, String>();
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            attributes.put(key, json.nextTextValue());
        }
        if (json.nextToken() == JsonToken.END_ARRAY)
            return new StepExecution(name, start, end, state, attributes, ResourceUse.UNKNOWN);
        double cpu = figure(json);
        json.nextToken();
        double memory = figure(json);
        double io = Double.NaN;
        if (json.nextToken() != JsonToken.END_ARRAY) {
            io = figure(json);
            json.nextToken();
        }
        return new StepExecution(name, start, end, state, attributes, new ResourceUse(cpu, memory, io));
    }

    private static double figure(JsonParser json) throws IOException {
        return json.currentToken() == JsonToken.VALUE_NULL ? Double.NaN : json.getDoubleValue();
    }
}
