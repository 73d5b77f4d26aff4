package dev.understudy.core.performance;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.understudy.spi.performance.ExecutionState;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads traces in the binary form of the OpenTelemetry protocol 1.x. */
final class OtlpProtobuf {
    private OtlpProtobuf() {}

    /** @throws InvalidProtocolBufferException if the bytes are no request */
    static OtlpJson.Spans read(byte[] bytes) throws InvalidProtocolBufferException {
        var spans = new ArrayList<Span>();
        var problems = new ArrayList<String>();
        for (ResourceSpans resource : ExportTraceServiceRequest.parseFrom(bytes).getResourceSpansList()) {
            String service = SpanLimits.attributes(
                            attributes(resource.getResource().getAttributesList()))
                    .getOrDefault("service.name", "");
            for (ScopeSpans scope : resource.getScopeSpansList())
                for (io.opentelemetry.proto.trace.v1.Span span : scope.getSpansList()) {
                    try {
                        spans.add(span(span, service));
                    } catch (IllegalArgumentException e) {
                        problems.add(e.getMessage());
                    }
                }
        }
        return new OtlpJson.Spans(spans, problems);
    }

    private static Span span(io.opentelemetry.proto.trace.v1.Span span, String service) {
        return SpanLimits.checked(
                hex(span.getTraceId()),
                hex(span.getSpanId()),
                hex(span.getParentSpanId()),
                service,
                span.getName(),
                span.getStartTimeUnixNano(),
                span.getEndTimeUnixNano(),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR
                        ? ExecutionState.FAILED
                        : ExecutionState.SUCCEEDED,
                attributes(span.getAttributesList()));
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static Map<String, String> attributes(List<KeyValue> list) {
        var attributes = new LinkedHashMap<String, String>();
        for (KeyValue each : list) attributes.put(each.getKey(), text(each.getValue()));
        return attributes;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> String.valueOf(value.getBoolValue());
            case INT_VALUE -> String.valueOf(value.getIntValue());
            case DOUBLE_VALUE -> String.valueOf(value.getDoubleValue());
            default -> value.toString().strip();
        };
    }
}
