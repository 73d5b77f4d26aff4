package dev.understudy.core.performance;

import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.ResourceUse;
import java.util.Map;

/**
 * One span of a trace.
 *
 * @param traceId of its trace, hexadecimal
 * @param spanId its own, hexadecimal
 * @param parentId of the span that caused it; empty for a root
 * @param isEntry whether what caused it is in another process, as its kind or its flags say
 * @param service name of the service that made it; may be empty
 * @param name what it does
 * @param startNanos since 1970
 * @param endNanos since 1970, not before {@code startNanos}
 * @param state how it ended
 * @param attributes what it worked on
 * @param use what its process or container used meanwhile
 */
record Span(
        String traceId,
        String spanId,
        String parentId,
        boolean isEntry,
        String service,
        String name,
        long startNanos,
        long endNanos,
        ExecutionState state,
        Map<String, String> attributes,
        ResourceUse use) {
    boolean isRoot() {
        return parentId.isEmpty();
    }
}
