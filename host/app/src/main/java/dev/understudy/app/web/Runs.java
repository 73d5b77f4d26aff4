package dev.understudy.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs as the audit log tells of them, so that those of other processes are there, too; and how far those of this process are.
 * Safe for use by several threads.
 */
final class Runs {
    private static final int PAGE = 500;

    /** So far back the log is read for a list of runs. */
    private static final int MAX_ENTRIES = 10_000;

    private static final int MAX_TEXT = 200;
    private static final long MINUTE_MILLIS = 60_000;

    private final AuditLog audit;
    private final EventStream stream;
    private final Metrics metrics;
    private final Map<String, Progress> progress = new LinkedHashMap<>();
    private final Deque<Long> endedMillis = new ArrayDeque<>();
    private long newest;

    private static final class Progress {
        double share;
        String text = "";
        boolean told;
    }

    Runs(AuditLog audit, EventStream stream, Metrics metrics) {
        this.audit = audit;
        this.stream = stream;
        this.metrics = metrics;
        newest = audit.newestNumber();
    }

    /** Takes how far a run is; told with the next {@link #look}, since scripts may say it any number of times. */
    synchronized void progressed(String runId, double share, String text) {
        Progress of = progress.computeIfAbsent(runId, _ -> new Progress());
        of.share = Double.isNaN(share) ? 0 : Math.clamp(share, 0, 1);
        of.text = text.substring(0, Math.min(text.length(), MAX_TEXT));
        of.told = false;
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
        if (isStart(entry)) {
            ObjectNode started = started(entry);
            stream.publish("run", started.put("phase", "started"));
        } else if (isEnd(entry)) {
            progress.remove(runId);
            endedMillis.addLast(entry.at().toEpochMilli());
            ObjectNode ended = JsonNodeFactory.instance
                    .objectNode()
                    .put("phase", "ended")
                    .put("id", runId)
                    .put("automationId", automation(entry));
            putEnd(ended, entry);
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

    private static boolean isStart(AuditEntry entry) {
        return entry.kind().equals(AuditKind.RUN_STARTED.id());
    }

    private static boolean isEnd(AuditEntry entry) {
        return entry.kind().equals(AuditKind.RUN_ENDED.id()) || entry.kind().equals(AuditKind.RUN_INTERRUPTED.id());
    }

    private static @Nullable String automation(AuditEntry entry) {
        return entry.automation().isEmpty() ? null : entry.automation();
    }

    private ObjectNode started(AuditEntry entry) {
        JsonNode details = entry.details();
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("id", details.path("run").asText())
                .put("automationId", automation(entry));
        json.set("version", details.get("version"));
        json.put("mode", details.path("mode").asText());
        json.put("cause", details.path("by").asText());
        json.put("startedAt", entry.at().toString());
        for (String later : List.of("endedAt", "outcome", "durationMillis", "changes", "error", "progress"))
            json.putNull(later);
        return json;
    }

    private static ObjectNode putEnd(ObjectNode json, AuditEntry entry) {
        JsonNode details = entry.details();
        boolean interrupted = entry.kind().equals(AuditKind.RUN_INTERRUPTED.id());
        json.put("endedAt", entry.at().toString());
        json.put(
                "outcome", interrupted ? "interrupted" : details.path("outcome").asText());
        json.set("durationMillis", details.get("durationMillis"));
        json.set("changes", details.get("changed"));
        json.set("error", details.get("error"));
        return json;
    }

    private static ObjectNode json(Progress of) {
        return JsonNodeFactory.instance.objectNode().put("share", of.share).put("text", of.text);
    }

    /** The latest runs, latest first; those under way have no end yet. */
    ArrayNode latest(int limit) {
        var array = JsonNodeFactory.instance.arrayNode();
        var ends = new LinkedHashMap<String, AuditEntry>();
        long before = Long.MAX_VALUE;
        for (int read = 0; read < MAX_ENTRIES && array.size() < limit; read += PAGE) {
            List<AuditEntry> page = audit.before(before, PAGE);
            for (AuditEntry entry : page) {
                before = entry.number();
                if (isEnd(entry)) ends.put(entry.details().path("run").asText(), entry);
                else if (isStart(entry) && array.size() < limit) array.add(run(entry, ends));
            }
            if (page.size() < PAGE) break;
        }
        return array;
    }

    private ObjectNode run(AuditEntry start, Map<String, AuditEntry> ends) {
        ObjectNode json = started(start);
        AuditEntry end = ends.get(json.path("id").asText());
        if (end != null) return putEnd(json, end);
        synchronized (this) {
            Progress of = progress.get(json.path("id").asText());
            if (of != null) json.set("progress", json(of));
        }
        return json;
    }
}
