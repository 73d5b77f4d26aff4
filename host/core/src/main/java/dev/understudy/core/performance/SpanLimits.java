package dev.understudy.core.performance;

import dev.understudy.spi.performance.ExecutionState;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a span may be, whoever sent it: what is too long is cut, what cannot be is refused, and what says where the work was
 * done and not what it was is left out.
 */
final class SpanLimits {
    private static final int MAX_NAME = 200;
    private static final int MAX_ATTRIBUTES = 32;
    private static final int MAX_VALUE = 256;
    private static final int MAX_ID = 64;
    private static final int MAX_URL = 4096;

    /** Names of attributes, or their beginnings, that differ from span to span of the same work. */
    private static final List<String> WHERE =
            List.of("thread.", "network.peer.", "network.local.", "client.", "user_agent.", "process.", "code.");

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HTTP");
    private static final Pattern NUMBERED = Pattern.compile("(?<=/)[^/]*\\d[^/]*");

    private SpanLimits() {}

    /**
     * @param resource attributes of what made it
     * @throws IllegalArgumentException that says what is wrong with the span
     */
    static Span checked(
            String traceId,
            String spanId,
            String parentId,
            boolean isEntry,
            Map<String, String> resource,
            String name,
            long startNanos,
            long endNanos,
            ExecutionState state,
            Map<String, String> attributes) {
        String shown = cut(name.isBlank() ? "unnamed" : telling(name.strip(), attributes), MAX_NAME);
        if (isNone(traceId) || isNone(spanId) || traceId.length() > MAX_ID || spanId.length() > MAX_ID)
            throw new IllegalArgumentException("the span '" + shown + "' has no valid trace and span id");
        if (startNanos <= 0) throw new IllegalArgumentException("the span '" + shown + "' has no start");
        if (endNanos < startNanos) throw new IllegalArgumentException("the span '" + shown + "' ends before it starts");
        return new Span(
                traceId,
                spanId,
                isNone(parentId) ? "" : parentId,
                isEntry,
                cut(resource.getOrDefault("service.name", ""), MAX_NAME),
                shown,
                startNanos,
                endNanos,
                state,
                attributes(attributes),
                SpanUse.of(attributes, resource, (endNanos - startNanos) / 1e9));
    }

    /** Exporters write an id that is none as nothing, or as zeros. */
    private static boolean isNone(String id) {
        return id.chars().allMatch(digit -> digit == '0');
    }

    static Map<String, String> attributes(Map<String, String> all) {
        var kept = new LinkedHashMap<String, String>();
        for (Map.Entry<String, String> each : all.entrySet()) {
            if (kept.size() == MAX_ATTRIBUTES) break;
            if (WHERE.stream().anyMatch(each.getKey()::startsWith)) continue;
            kept.put(cut(each.getKey(), MAX_NAME), cut(each.getValue(), MAX_VALUE));
        }
        return Map.copyOf(kept);
    }

    /** What asks for a page is called by the method alone; its path tells more. Parts of it with a digit are ids. */
    private static String telling(String name, Map<String, String> attributes) {
        if (!METHODS.contains(name)) return name;
        String address = attributes.getOrDefault("url.full", attributes.getOrDefault("http.url", ""));
        try {
            String path = address.length() > MAX_URL ? null : new URI(address).getRawPath();
            return path == null || path.isEmpty()
                    ? name
                    : name + " " + NUMBERED.matcher(path).replaceAll("{id}");
        } catch (URISyntaxException _) {
            return name;
        }
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }
}
