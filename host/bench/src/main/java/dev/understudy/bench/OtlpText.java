package dev.understudy.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.List;

/** Export requests in the JSON form of the OpenTelemetry protocol: one line, ids in hexadecimal, 64-bit numbers as texts. */
final class OtlpText {
    private OtlpText() {}

    static String of(byte[] request) throws InvalidProtocolBufferException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode resources = json.putArray("resourceSpans");
        for (ResourceSpans resource :
                ExportTraceServiceRequest.parseFrom(request).getResourceSpansList()) {
            ObjectNode one = resources.addObject();
            attributes(one.putObject("resource"), resource.getResource().getAttributesList());
            ArrayNode scopes = one.putArray("scopeSpans");
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                ArrayNode spans = scopes.addObject().putArray("spans");
                scope.getSpansList().forEach(span -> span(spans.addObject(), span));
            }
        }
        return json.toString();
    }

    private static void span(ObjectNode json, Span span) {
        json.put("traceId", hex(span.getTraceId())).put("spanId", hex(span.getSpanId()));
        if (!span.getParentSpanId().isEmpty()) json.put("parentSpanId", hex(span.getParentSpanId()));
        json.put("name", span.getName())
                .put("kind", span.getKindValue())
                .put("startTimeUnixNano", String.valueOf(span.getStartTimeUnixNano()))
                .put("endTimeUnixNano", String.valueOf(span.getEndTimeUnixNano()));
        attributes(json, span.getAttributesList());
        json.putObject("status");
    }

    private static void attributes(ObjectNode json, List<KeyValue> attributes) {
        ArrayNode list = json.putArray("attributes");
        for (KeyValue each : attributes) {
            ObjectNode value = list.addObject().put("key", each.getKey()).putObject("value");
            if (each.getValue().hasIntValue())
                value.put("intValue", String.valueOf(each.getValue().getIntValue()));
            else value.put("stringValue", each.getValue().getStringValue());
        }
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }
}
