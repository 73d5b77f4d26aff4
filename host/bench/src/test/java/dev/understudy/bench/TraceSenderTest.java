package dev.understudy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceSenderTest {
    private static List<Span> spans(byte[] request) throws InvalidProtocolBufferException {
        return ExportTraceServiceRequest.parseFrom(request)
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpansList();
    }

    @Test
    void sendsNoTraceTwice() throws InvalidProtocolBufferException {
        var one = new TraceSender(1, 1_762_500_000_000_000_000L);
        var other = new TraceSender(2, 1_762_500_000_000_000_000L);
        var all = new ArrayList<Span>();
        for (int i = 0; i < 3; i++) {
            all.addAll(spans(one.next()));
            all.addAll(spans(other.next()));
        }

        assertThat(all).hasSize(6 * 510);
        assertThat(all.stream().map(Span::getTraceId).distinct()).hasSize(6 * 51);
        assertThat(all.stream().filter(span -> span.getParentSpanId().equals(ByteString.EMPTY)))
                .hasSize(6 * 51);
    }
}
