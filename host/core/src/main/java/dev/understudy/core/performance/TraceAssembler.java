package dev.understudy.core.performance;

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
import java.util.function.Predicate;

/**
 * Makes executions of the spans of traces: the root span is the execution, its children are the steps. Where a root has one
 * child only, as servers and the handlers in them often do, that child's children are the steps, and so on down. A span whose
 * parent is not there by the end is a root, too: its parent is a program that sends no traces, or sends them elsewhere.
 *
 * <p>The spans of a trace come in any order, in several requests, and more than once if an answer was lost, so a trace waits
 * until it has been quiet for {@link #QUIET_MILLIS}: exporters send every five seconds unless told otherwise. A span is sent
 * when it ends, so the root of a long workflow comes last, when its first steps have been here for long. A trace without a root
 * therefore waits until nothing has come for {@link #PATIENCE_MILLIS}; where its topmost spans say that they were caused by
 * another process, for {@link #ENTRY_QUIET_MILLIS}. Where more spans wait than there is room for, the oldest traces are finished
 * first. Used by one thread at a time.
 */
final class TraceAssembler {
    static final long QUIET_MILLIS = 6_000;
    static final long ENTRY_QUIET_MILLIS = 60_000;
    static final long PATIENCE_MILLIS = 12 * 3_600_000L;

    /** Of how many finished traces we know that spans which come now are late. */
    private static final int KNOWN_TRACES = 100_000;

    private final int room;
    private final Map<String, Open> open = new LinkedHashMap<>();
    private final Map<String, Boolean> finishedTraces = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > Math.min(KNOWN_TRACES, room);
        }
    };
    private final List<String> problems = new ArrayList<>();
    private int openSpans;
    private int finishedSpans;
    private int lateSpans;

    private static final class Open {
        final List<Span> spans = new ArrayList<>();
        final long segment;
        boolean hasRoot;
        long lastMillis;

        Open(long segment) {
            this.segment = segment;
        }

        /** After how long a silence nothing more is expected. */
        long patienceMillis() {
            if (hasRoot) return QUIET_MILLIS;
            return topmost(byId(spans)).stream().allMatch(Span::isEntry) ? ENTRY_QUIET_MILLIS : PATIENCE_MILLIS;
        }
    }

    /** @param room for how many spans that wait */
    TraceAssembler(int room) {
        this.room = room;
    }

    /**
     * Takes spans.
     *
     * @param segment of the spool in which they are, not before that of earlier ones
     * @param nowMillis of a clock that never goes back
     */
    void add(List<Span> spans, long segment, long nowMillis) {
        for (Span span : spans) {
            if (finishedTraces.containsKey(span.traceId())) {
                lateSpans++;
                finishedSpans++;
                continue;
            }
            Open trace = open.computeIfAbsent(span.traceId(), _ -> new Open(segment));
            trace.spans.add(span);
            trace.hasRoot |= span.isRoot();
            trace.lastMillis = nowMillis;
            openSpans++;
        }
    }

    /** The executions whose traces are complete by now. */
    List<WorkflowExecution> finish(long nowMillis) {
        var finished = new ArrayList<WorkflowExecution>();
        for (Iterator<Open> each = open.values().iterator(); each.hasNext(); ) {
            Open trace = each.next();
            long silence = nowMillis - trace.lastMillis;
            if (openSpans <= room && (silence < QUIET_MILLIS || silence < trace.patienceMillis())) continue;
            each.remove();
            assemble(trace, finished);
        }
        return finished;
    }

    /** All executions, complete or not: nothing more will come. */
    List<WorkflowExecution> finishAll() {
        return finishWhere(_ -> true);
    }

    /** The executions of which the root is there; what waits for its root goes on waiting. */
    List<WorkflowExecution> finishRooted() {
        return finishWhere(trace -> trace.hasRoot);
    }

    /** The executions, complete or not, of which spans lie in the oldest segment that is needed. */
    List<WorkflowExecution> finishOldest() {
        long oldest = oldestSegment(Long.MAX_VALUE);
        return finishWhere(trace -> trace.segment == oldest);
    }

    private List<WorkflowExecution> finishWhere(Predicate<Open> which) {
        var finished = new ArrayList<WorkflowExecution>();
        for (Iterator<Open> each = open.values().iterator(); each.hasNext(); ) {
            Open trace = each.next();
            if (!which.test(trace)) continue;
            each.remove();
            assemble(trace, finished);
        }
        return finished;
    }

    /** How many spans wait for the rest of their traces. */
    int waiting() {
        return openSpans;
    }

    /** How many spans have been made executions, or given up, since the last call. */
    int takeFinished() {
        int taken = finishedSpans;
        finishedSpans = 0;
        return taken;
    }

    /** The first segment of the spool that is still needed; {@code last} if none is. */
    long oldestSegment(long last) {
        return open.isEmpty() ? last : open.values().iterator().next().segment;
    }

    /** What could not be made an execution since the last call, one line each. */
    List<String> takeProblems() {
        if (lateSpans > 0)
            problems.add(lateSpans + " spans came twice, or later than " + QUIET_MILLIS / 1000
                    + " s after the rest of their traces");
        lateSpans = 0;
        List<String> taken = List.copyOf(problems);
        problems.clear();
        return taken;
    }

    private void assemble(Open trace, List<WorkflowExecution> finished) {
        String traceId = trace.spans.getFirst().traceId();
        openSpans -= trace.spans.size();
        finishedSpans += trace.spans.size();
        finishedTraces.put(traceId, true);
        Map<String, Span> byId = byId(trace.spans);
        List<Span> roots = topmost(byId);
        if (roots.isEmpty()) {
            problems.add("the trace " + traceId + " of " + byId.size() + " spans has no root");
            return;
        }
        Map<String, List<Span>> children = new HashMap<>();
        for (Span span : byId.values())
            children.computeIfAbsent(span.parentId(), _ -> new ArrayList<>()).add(span);
        for (Span root : roots) finished.add(execution(root, children));
    }

    private static Map<String, Span> byId(List<Span> spans) {
        var byId = new LinkedHashMap<String, Span>();
        for (Span span : spans) byId.putIfAbsent(span.spanId(), span);
        return byId;
    }

    private static List<Span> topmost(Map<String, Span> byId) {
        return byId.values().stream()
                .filter(span -> span.isRoot() || !byId.containsKey(span.parentId()))
                .toList();
    }

    private static WorkflowExecution execution(Span root, Map<String, List<Span>> children) {
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
                span.use());
    }

    private static String workflowName(Span root) {
        return root.service().isEmpty() ? root.name() : root.service() + ": " + root.name();
    }

    private static Instant time(long nanos) {
        return Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
    }
}
