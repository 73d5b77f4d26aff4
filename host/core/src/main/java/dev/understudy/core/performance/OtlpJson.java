package dev.understudy.core.performance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.spi.performance.ExecutionState;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads traces in the JSON form of the OpenTelemetry protocol 1.x (ids are hexadecimal, 64-bit numbers are texts), and in
 * Protocol Buffers' own JSON form, which general tools write: ids in base 64, or names with underscores.
 */
final class OtlpJson {
    /** Of a span's flags, the one that says that the parent is in another process (opentelemetry-proto, trace.proto). */
    static final int PARENT_IS_REMOTE = 0x200;

    private static final Pattern UPPER_CASE = Pattern.compile("[A-Z]");
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-fA-F]*");
    private static final Set<Integer> ID_BYTES = Set.of(8, 16);

    private OtlpJson() {}

    /** What was read, and what could not be. */
    record Spans(List<Span> spans, List<String> problems) {}

    /** Whether an object is an export request of traces, or one of the parts that such a request is a list of. */
    static boolean isRequest(JsonNode json) {
        return !field(json, "resourceSpans").isMissingNode()
                || !field(json, "scopeSpans").isMissingNode();
    }

    /** Reads a request, or one of its parts alone, as OpenTelemetry's Java logging exporter writes them. */
    static Spans read(JsonNode request) {
        var read = new Spans(new ArrayList<>(), new ArrayList<>());
        JsonNode resources = field(request, "resourceSpans");
        if (resources.isMissingNode()) add(request, read);
        else for (JsonNode resource : resources) add(resource, read);
        return read;
    }

    private static void add(JsonNode resource, Spans to) {
        Map<String, String> madeBy = attributes(resource.path("resource").path("attributes"));
        for (JsonNode scope : field(resource, "scopeSpans"))
            for (JsonNode span : scope.path("spans")) {
                try {
                    to.spans().add(span(span, madeBy));
                } catch (IllegalArgumentException e) {
                    to.problems().add(e.getMessage());
                }
            }
    }

    private static Span span(JsonNode json, Map<String, String> madeBy) {
        String name = json.path("name").asText("");
        return SpanLimits.checked(
                id(field(json, "traceId")),
                id(field(json, "spanId")),
                id(field(json, "parentSpanId")),
                isEntry(json),
                madeBy,
                name,
                nanos(json, "startTimeUnixNano", name),
                nanos(json, "endTimeUnixNano", name),
                state(json.path("status").path("code")),
                attributes(json.path("attributes")));
    }

    /** The field of a name as the protocol has it, or as Protocol Buffers' definition has it: {@code trace_id}. */
    private static JsonNode field(JsonNode json, String name) {
        JsonNode field = json.path(name);
        return field.isMissingNode()
                ? json.path(UPPER_CASE.matcher(name).replaceAll("_$0").toLowerCase(Locale.ROOT))
                : field;
    }

    private static String id(JsonNode json) {
        String text = json.asText("");
        if (!HEXADECIMAL.matcher(text).matches()) {
            try {
                byte[] bytes = Base64.getDecoder().decode(text);
                if (ID_BYTES.contains(bytes.length)) return HexFormat.of().formatHex(bytes);
            } catch (IllegalArgumentException _) {
                // An id of some other kind: it still says what belongs together.
            }
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean isEntry(JsonNode json) {
        return switch (json.path("kind").asText("")) {
            case "2", "5", "SPAN_KIND_SERVER", "SPAN_KIND_CONSUMER" -> true;
            default -> (json.path("flags").asLong() & PARENT_IS_REMOTE) != 0;
        };
    }

    private static long nanos(JsonNode json, String key, String name) {
        JsonNode value = field(json, key);
        try {
            return value.isNumber() ? value.decimalValue().longValueExact() : Long.parseUnsignedLong(value.asText());
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("the span '" + name + "' has no readable " + key, e);
        }
    }

    private static ExecutionState state(JsonNode code) {
        boolean error = code.isTextual() ? code.asText().equals("STATUS_CODE_ERROR") : code.asInt() == 2;
        return error ? ExecutionState.FAILED : ExecutionState.SUCCEEDED;
    }

    private static Map<String, String> attributes(JsonNode list) {
        var attributes = new LinkedHashMap<String, String>();
        for (JsonNode each : list) {
            JsonNode value = each.path("value");
            // An attribute's value has one field, named by its type.
            if (value.isObject() && !value.isEmpty()) {
                JsonNode first = value.iterator().next();
                attributes.put(each.path("key").asText(), first.isValueNode() ? first.asText() : first.toString());
            }
        }
        return attributes;
    }
}
