package dev.understudy.core.performance;

import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes executions of the spans of traces: the root span is the execution, its children are the steps. Where a root has one
 * child only, as servers and the handlers in them often do, that child's children are the steps, and so on down.
 *
 * <p>The spans of a trace come in any order and in several requests, so a trace waits until it has been quiet for
 * {@link #QUIET_MILLIS}. One whose root never comes is given up after {@link #PATIENCE_MILLIS}, and said to be. Used by one
 * thread at a time.
 */
final class TraceAssembler {
    static final long QUIET_MILLIS = 2_000;
    static final long PATIENCE_MILLIS = 60_000;

    /** Workflows beyond these are one: names that are made up for each request would fill the disk. */
    private static final int MAX_NAMES = 5_000;

    private static final int MAX_OPEN_SPANS = 1_000_000;
    static final String OTHER = "(other)";

    private final Map<String, Open> open = new LinkedHashMap<>();
    private final Map<String, Boolean> names = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private int openSpans;

    private static final class Open {
        final List<Span> spans = new ArrayList<>();
        boolean hasRoot;
        long firstMillis;
        long lastMillis;
    }

    /**
     * Takes spans.
     *
     * @param nowMillis of a clock that never goes back
     */
    void add(List<Span> spans, long nowMillis) {
        for (Span span : spans) {
            Open trace = open.computeIfAbsent(span.traceId(), _ -> {
                var fresh = new Open();
                fresh.firstMillis = nowMillis;
                return fresh;
            });
            trace.spans.add(span);
            trace.hasRoot |= span.isRoot();
            trace.lastMillis = nowMillis;
            openSpans++;
        }
    }

    /** The executions whose traces are complete by now. */
    List<WorkflowExecution> finish(long nowMillis) {
        boolean crowded = openSpans > MAX_OPEN_SPANS;
        var finished = new ArrayList<WorkflowExecution>();
        for (Iterator<Open> each = open.values().iterator(); each.hasNext(); ) {
            Open trace = each.next();
            boolean quiet = nowMillis - trace.lastMillis >= QUIET_MILLIS;
            boolean late = nowMillis - trace.firstMillis >= PATIENCE_MILLIS;
            if (!crowded && !(trace.hasRoot && quiet) && !late) continue;
            each.remove();
            openSpans -= trace.spans.size();
            assemble(trace, finished);
        }
        return finished;
    }

    /** All executions, complete or not: nothing more will come. */
    List<WorkflowExecution> finishAll() {
        var finished = new ArrayList<WorkflowExecution>();
        for (Open trace : open.values()) assemble(trace, finished);
        open.clear();
        openSpans = 0;
        return finished;
    }

    /** How many spans wait for the rest of their traces. */
    int waiting() {
        return openSpans;
    }

    /** What could not be made an execution since the last call, one line each. */
    List<String> takeProblems() {
        List<String> taken = List.copyOf(problems);
        problems.clear();
        return taken;
    }

    private void assemble(Open trace, List<WorkflowExecution> finished) {
        List<Span> roots = trace.spans.stream().filter(Span::isRoot).toList();
        if (roots.isEmpty()) {
            problems.add("the trace " + trace.spans.getFirst().traceId() + " of " + trace.spans.size()
                    + " spans has no root");
            return;
        }
        Map<String, List<Span>> children = new HashMap<>();
        for (Span span : trace.spans)
            children.computeIfAbsent(span.parentId(), _ -> new ArrayList<>()).add(span);
        for (Span root : roots) finished.add(execution(root, children));
    }

    private WorkflowExecution execution(Span root, Map<String, List<Span>> children) {
        List<Span> steps = children.getOrDefault(root.spanId(), List.of());
        // A span that names itself as its ancestor would lead us round for ever; no trace is this deep.
        for (int depth = 0; depth < 100 && steps.size() == 1; depth++) {
            List<Span> below = children.getOrDefault(steps.getFirst().spanId(), List.of());
            if (below.isEmpty()) break;
            steps = below;
        }
        return new WorkflowExecution(
                root.traceId() + ":" + root.spanId(),
                workflowName(root),
                time(root.startNanos()),
                time(root.endNanos()),
                root.state(),
                steps.stream()
                        .sorted(Comparator.comparingLong(Span::startNanos))
                        .map(TraceAssembler::step)
                        .toList());
    }

    private static StepExecution step(Span span) {
        return new StepExecution(
                span.name(),
                time(span.startNanos()),
                time(span.endNanos()),
                span.state(),
                span.attributes(),
                ResourceUse.UNKNOWN);
    }

    private String workflowName(Span root) {
        String name = root.service().isEmpty() ? root.name() : root.service() + ": " + root.name();
        if (names.containsKey(name)) return name;
        if (names.size() >= MAX_NAMES) return OTHER;
        names.put(name, true);
        return name;
    }

    private static Instant time(long nanos) {
        return Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
    }
}
