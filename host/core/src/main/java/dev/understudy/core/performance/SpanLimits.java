package dev.understudy.core.performance;

import dev.understudy.spi.performance.ExecutionState;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a span may be, whoever sent it: what is too long is cut, what cannot be is refused. */
final class SpanLimits {
    private static final int MAX_NAME = 200;
    private static final int MAX_ATTRIBUTES = 32;
    private static final int MAX_VALUE = 256;
    private static final int MAX_ID = 64;

    private SpanLimits() {}

    /** @throws IllegalArgumentException that says what is wrong with the span */
    static Span checked(
            String traceId,
            String spanId,
            String parentId,
            String service,
            String name,
            long startNanos,
            long endNanos,
            ExecutionState state,
            Map<String, String> attributes) {
        String shown = cut(name.isBlank() ? "unnamed" : name.strip(), MAX_NAME);
        if (traceId.isEmpty() || spanId.isEmpty() || traceId.length() > MAX_ID || spanId.length() > MAX_ID)
            throw new IllegalArgumentException("the span '" + shown + "' has no valid trace and span id");
        if (startNanos <= 0) throw new IllegalArgumentException("the span '" + shown + "' has no start");
        if (endNanos < startNanos) throw new IllegalArgumentException("the span '" + shown + "' ends before it starts");
        return new Span(
                traceId,
                spanId,
                parentId,
                cut(service, MAX_NAME),
                shown,
                startNanos,
                endNanos,
                state,
                attributes(attributes));
    }

    static Map<String, String> attributes(Map<String, String> all) {
        var kept = new LinkedHashMap<String, String>();
        for (Map.Entry<String, String> each : all.entrySet()) {
            if (kept.size() == MAX_ATTRIBUTES) break;
            kept.put(cut(each.getKey(), MAX_NAME), cut(each.getValue(), MAX_VALUE));
        }
        return Map.copyOf(kept);
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }
}
