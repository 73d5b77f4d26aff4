package dev.understudy.core.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Task parameters as the JSON text in which they are stored.
 *
 * <p>By tokens, not by data binding: loading its classes would take longer than reading ten thousand tasks. Equal texts
 * that one object reads are one String. Used by one thread at a time.
 */
final class ParameterJson {

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final int MAX_SHARED_LENGTH = 120;

    private final Map<String, String> texts = new HashMap<>();

    static String write(Map<String, Object> parameters) {
        var text = new StringWriter(256);
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            writeValue(generator, parameters);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return text.toString();
    }

    private static void writeValue(JsonGenerator generator, Object value) throws IOException {
        switch (value) {
            case String text -> generator.writeString(text);
            case Long number -> generator.writeNumber(number);
            case Double number -> generator.writeNumber(number);
            case Boolean truth -> generator.writeBoolean(truth);
            case List<?> items -> {
                generator.writeStartArray();
                for (Object item : items) writeValue(generator, item);
                generator.writeEndArray();
            }
            case Map<?, ?> fields -> {
                generator.writeStartObject();
                for (Map.Entry<?, ?> field : fields.entrySet()) {
                    generator.writeFieldName((String) field.getKey());
                    writeValue(generator, field.getValue());
                }
                generator.writeEndObject();
            }
            default -> throw new IllegalArgumentException("no JSON value: " + value.getClass());
        }
    }

    Map<String, Object> read(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            return readObject(parser);
        } catch (IOException e) {
            throw new UncheckedIOException("the store holds parameters that are no JSON", e);
        }
    }

    private Map<String, Object> readObject(JsonParser parser) throws IOException {
        var object = new LinkedHashMap<String, Object>();
        String name;
        while ((name = parser.nextFieldName()) != null) object.put(name, readValue(parser, parser.nextToken()));
        return object;
    }

    private Object readValue(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> {
                var items = new ArrayList<Object>();
                JsonToken next;
                while ((next = parser.nextToken()) != JsonToken.END_ARRAY) items.add(readValue(parser, next));
                yield List.copyOf(items);
            }
            case VALUE_STRING -> shared(parser.getText());
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL, END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IOException("unexpected " + token);
        };
    }

    /** The text itself, or the equal one that was read before. */
    String shared(String text) {
        if (text.length() > MAX_SHARED_LENGTH) return text;
        String known = texts.putIfAbsent(text, text);
        return known == null ? text : known;
    }
}
