package dev.understudy.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.HostShape;
import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.automation.LoggedRun;
import dev.understudy.core.automation.ProgressListener;
import dev.understudy.core.automation.RunLog;
import dev.understudy.sandbox.control.RunReport;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs as the audit log tells of them, so that those of other processes are there, too; and how far those of this process are.
 * Safe for use by several threads.
 */
final class Runs implements ProgressListener {
    private static final int PAGE = 500;

    private static final int MAX_TEXT = 200;
    private static final int MAX_LINES = 500;
    private static final int MAX_LINE = 2000;
    private static final int MAX_OUTPUTS = 100;
    private static final long MINUTE_MILLIS = 60_000;

    private final AuditLog audit;
    private final EventStream stream;
    private final Metrics metrics;
    private final Map<String, Progress> progress = new LinkedHashMap<>();
    private final Map<String, Output> outputs = new LinkedHashMap<>();
    private final Deque<Long> endedMillis = new ArrayDeque<>();
    private long newest;

    private static final class Progress {
        double share;
        String text = "";
        boolean told;
    }

    /** The latest lines of a run, and those of them that readers have not been told. */
    private static final class Output {
        final Deque<RunReport.OutputLine> lines = new ArrayDeque<>();
        final Deque<RunReport.OutputLine> untold = new ArrayDeque<>();
        int leftOut;
    }

    Runs(AuditLog audit, EventStream stream, Metrics metrics) {
        this.audit = audit;
        this.stream = stream;
        this.metrics = metrics;
        newest = audit.newestNumber();
    }

    /** Takes how far a run is; told with the next {@link #look}, since scripts may say it any number of times. */
    @Override
    public synchronized void progressed(String runId, double share, String text) {
        Progress of = progress.computeIfAbsent(runId, _ -> new Progress());
        of.share = Double.isNaN(share) ? 0 : Math.clamp(share, 0, 1);
        of.text = text.substring(0, Math.min(text.length(), MAX_TEXT));
        of.told = false;
    }

    /** Takes a line that a run printed; told as above. The latest lines of the latest runs are kept, in memory. */
    @Override
    public synchronized void said(String runId, RunReport.OutputLine line) {
        Output of = outputs.computeIfAbsent(runId, _ -> new Output());
        String text = line.text().substring(0, Math.min(line.text().length(), MAX_LINE));
        var kept = new RunReport.OutputLine(line.channel(), text);
        of.lines.add(kept);
        of.untold.add(kept);
        if (of.lines.size() > MAX_LINES) {
            of.lines.remove();
            of.leftOut++;
        }
        if (of.untold.size() > MAX_LINES) of.untold.remove();
        if (outputs.size() > MAX_OUTPUTS)
            outputs.remove(outputs.keySet().iterator().next());
    }

    /**
     * Tells readers of what began, went on and ended since the last look.
     *
     * @return whether the log has grown
     */
    synchronized boolean look() {
        boolean grown = audit.newestNumber() > newest;
        if (grown)
            for (AuditEntry entry : audit.after(newest, PAGE)) {
                newest = entry.number();
                tell(entry);
            }
        outputs.forEach((runId, of) -> {
            if (of.untold.isEmpty()) return;
            stream.publishUnkept(
                    "run",
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("phase", "output")
                            .put("id", runId)
                            .set("lines", lines(of.untold)));
            of.untold.clear();
        });
        progress.forEach((runId, of) -> {
            if (of.told) return;
            of.told = true;
            stream.publishUnkept(
                    "run",
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("phase", "progress")
                            .put("id", runId)
                            .set("progress", json(of)));
        });
        return grown;
    }

    private void tell(AuditEntry entry) {
        String runId = entry.details().path("run").asText();
        if (RunLog.isStart(entry)) {
            var started = new LoggedRun(entry, Optional.empty(), Optional.empty());
            stream.publish("run", json(started).put("phase", "started"));
        } else if (RunLog.isEnd(entry)) {
            progress.remove(runId);
            endedMillis.addLast(entry.at().toEpochMilli());
            ObjectNode ended = JsonNodeFactory.instance
                    .objectNode()
                    .put("phase", "ended")
                    .put("id", runId)
                    .put("automationId", automation(entry));
            HostShape.putEnd(ended, entry);
            metrics.ended(
                    ended.path("outcome").asText(), ended.path("durationMillis").asDouble(Double.NaN) / 1000);
            stream.publish("run", ended);
        }
    }

    /** How many ended within the last minute. */
    synchronized int endedInTheLastMinute(long nowMillis) {
        while (!endedMillis.isEmpty() && endedMillis.getFirst() < nowMillis - MINUTE_MILLIS) endedMillis.removeFirst();
        return endedMillis.size();
    }

    private static @Nullable String automation(AuditEntry entry) {
        return entry.automation().isEmpty() ? null : entry.automation();
    }

    private static ArrayNode lines(Collection<RunReport.OutputLine> lines) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (RunReport.OutputLine each : lines)
            array.addObject().put("channel", each.channel()).put("text", each.text());
        return array;
    }

    /**
     * All that is known of a run: what it was given, changed and printed (of runs of this process since it began), and its
     * entries in the log; empty if the log does not tell of it.
     */
    Optional<ObjectNode> detail(String runId) {
        Optional<LoggedRun> found = new RunLog(audit)
                .latest(1, run -> run.runId().equals(runId)).stream().findFirst();
        if (found.isEmpty()) return Optional.empty();
        LoggedRun run = found.get();
        ObjectNode json = json(run);
        JsonNode given = run.start().details().path("parameters");
        json.set("parameters", given.isObject() ? given : JsonNodeFactory.instance.objectNode());
        JsonNode changed = run.end()
                .map(end -> end.details().path("changes"))
                .filter(JsonNode::isArray)
                .orElseGet(JsonNodeFactory.instance::arrayNode);
        json.set("changedFiles", changed);
        synchronized (this) {
            Output of = outputs.get(runId);
            json.set("output", of == null ? null : lines(of.lines));
            json.put("outputLeftOut", of == null ? 0 : of.leftOut);
        }
        var log = json.putArray("log");
        audit.ofRun(run.automationId().orElse(""), runId).forEach(each -> log.add(HostShape.json(each)));
        return Optional.of(json);
    }

    private static ObjectNode json(Progress of) {
        return JsonNodeFactory.instance.objectNode().put("share", of.share).put("text", of.text);
    }

    /** The latest runs, latest first; those under way have no end yet. */
    ArrayNode latest(int limit) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (LoggedRun run : new RunLog(audit).latest(limit, _ -> true)) array.add(json(run));
        return array;
    }

    private ObjectNode json(LoggedRun run) {
        ObjectNode json = HostShape.json(run).putNull("progress");
        if (run.end().isPresent()) return json;
        synchronized (this) {
            Progress of = progress.get(run.runId());
            if (of != null) json.set("progress", json(of));
        }
        return json;
    }
}
