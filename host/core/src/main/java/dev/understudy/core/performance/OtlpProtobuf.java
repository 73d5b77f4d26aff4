package dev.understudy.core.performance;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.understudy.spi.performance.ExecutionState;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads traces in the binary form of the OpenTelemetry protocol 1.x. */
final class OtlpProtobuf {
    private static final int RESOURCE_SPANS_TAG =
            (ExportTraceServiceRequest.RESOURCE_SPANS_FIELD_NUMBER << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    private OtlpProtobuf() {}

    /** @throws InvalidProtocolBufferException if the bytes are no request */
    static OtlpJson.Spans read(byte[] bytes) throws InvalidProtocolBufferException {
        var spans = new OtlpJson.Spans(new ArrayList<>(), new ArrayList<>());
        for (ResourceSpans resource : ExportTraceServiceRequest.parseFrom(bytes).getResourceSpansList())
            add(resource, spans);
        return spans;
    }

    /** Reads requests as files hold them, one after the other: each is a row of fields with the number 1. */
    static void read(InputStream stream, Consumer<OtlpJson.Spans> taker) throws IOException {
        CodedInputStream input = CodedInputStream.newInstance(stream);
        input.setSizeLimit(Integer.MAX_VALUE);
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag != RESOURCE_SPANS_TAG)
                throw new InvalidProtocolBufferException("it has a field that no export request of traces has");
            int length = input.readRawVarint32();
            if (length < 0 || length > MAX_MESSAGE_BYTES)
                throw new InvalidProtocolBufferException("a message has " + length + " bytes");
            var spans = new OtlpJson.Spans(new ArrayList<>(), new ArrayList<>());
            add(ResourceSpans.parseFrom(input.readRawBytes(length)), spans);
            taker.accept(spans);
            input.resetSizeCounter();
        }
    }

    private static void add(ResourceSpans resource, OtlpJson.Spans to) {
        var texts = new Texts();
        Map<String, String> madeBy = attributes(resource.getResource().getAttributesList(), texts);
        for (ScopeSpans scope : resource.getScopeSpansList())
            for (io.opentelemetry.proto.trace.v1.Span span : scope.getSpansList()) {
                try {
                    to.spans().add(span(span, madeBy, texts));
                } catch (IllegalArgumentException e) {
                    to.problems().add(e.getMessage());
                }
            }
    }

    /** Names, ids and values occur again and again in a request; each is kept once. */
    private static final class Texts {
        private final Map<String, String> known = new HashMap<>();

        String one(String text) {
            String earlier = known.putIfAbsent(text, text);
            return earlier != null ? earlier : text;
        }
    }

    private static Span span(io.opentelemetry.proto.trace.v1.Span span, Map<String, String> madeBy, Texts texts) {
        return SpanLimits.checked(
                texts.one(hex(span.getTraceId())),
                texts.one(hex(span.getSpanId())),
                texts.one(hex(span.getParentSpanId())),
                (span.getFlags() & OtlpJson.PARENT_IS_REMOTE) != 0
                        || span.getKind() == SpanKind.SPAN_KIND_SERVER
                        || span.getKind() == SpanKind.SPAN_KIND_CONSUMER,
                madeBy,
                texts.one(span.getName()),
                span.getStartTimeUnixNano(),
                span.getEndTimeUnixNano(),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR
                        ? ExecutionState.FAILED
                        : ExecutionState.SUCCEEDED,
                attributes(span.getAttributesList(), texts));
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static Map<String, String> attributes(List<KeyValue> list, Texts texts) {
        var attributes = new LinkedHashMap<String, String>();
        for (KeyValue each : list) attributes.put(texts.one(each.getKey()), texts.one(text(each.getValue())));
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
