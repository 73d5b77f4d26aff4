package dev.understudy.core.performance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.spi.performance.ExecutionState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads traces in the JSON form of the OpenTelemetry protocol 1.x (ids are hexadecimal, 64-bit numbers are texts, unlike in
 * Protocol Buffers' own JSON form).
 */
final class OtlpJson {
    private OtlpJson() {}

    /** What was read, and what could not be. */
    record Spans(List<Span> spans, List<String> problems) {}

    static Spans read(JsonNode request) {
        var spans = new ArrayList<Span>();
        var problems = new ArrayList<String>();
        for (JsonNode resource : request.path("resourceSpans")) {
            String service = SpanLimits.attributes(
                            attributes(resource.path("resource").path("attributes")))
                    .getOrDefault("service.name", "");
            for (JsonNode scope : resource.path("scopeSpans"))
                for (JsonNode span : scope.path("spans")) {
                    try {
                        spans.add(span(span, service));
                    } catch (IllegalArgumentException e) {
                        problems.add(e.getMessage());
                    }
                }
        }
        return new Spans(spans, problems);
    }

    private static Span span(JsonNode json, String service) {
        String name = json.path("name").asText("");
        return SpanLimits.checked(
                json.path("traceId").asText("").toLowerCase(Locale.ROOT),
                json.path("spanId").asText("").toLowerCase(Locale.ROOT),
                json.path("parentSpanId").asText("").toLowerCase(Locale.ROOT),
                service,
                name,
                nanos(json, "startTimeUnixNano", name),
                nanos(json, "endTimeUnixNano", name),
                state(json.path("status").path("code")),
                attributes(json.path("attributes")));
    }

    private static long nanos(JsonNode json, String key, String name) {
        try {
            return Long.parseUnsignedLong(json.path(key).asText());
        } catch (NumberFormatException e) {
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
