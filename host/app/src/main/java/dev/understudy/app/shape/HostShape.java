package dev.understudy.app.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.automation.LoggedRun;
import dev.understudy.core.engine.EngineEvent;
import dev.understudy.core.plugin.PluginInfo;
import dev.understudy.core.tuning.program.SessionSummary;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the host says of itself as JSON: events, plugins, tuning, the audit log. */
public final class HostShape {
    private HostShape() {}

    /** Something that happened. */
    public static ObjectNode json(EngineEvent event) {
        var object = JsonNodeFactory.instance.objectNode();
        object.put("at", event.at().toString());
        object.put("event", event.kind().id());
        object.put("automation", event.automationId());
        object.put("text", event.text());
        var details = object.putObject("details");
        new TreeMap<>(event.details()).forEach(details::put);
        return object;
    }

    /** A run; one that is under way has no end yet. */
    public static ObjectNode json(LoggedRun run) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("id", run.runId())
                .put("automationId", run.automationId().orElse(null));
        json.put("version", run.version().orElse(null));
        json.put("mode", run.mode().name().toLowerCase(Locale.ROOT));
        json.put("cause", run.by());
        json.put("startedAt", run.started().toString());
        return putEnd(json, run.end().orElse(null));
    }

    /** Says how a run ended: what its last entry in the log tells, or nothing yet. */
    public static ObjectNode putEnd(ObjectNode json, @Nullable AuditEntry entry) {
        if (entry == null) {
            for (String later : List.of("endedAt", "outcome", "durationMillis", "changes", "error"))
                json.putNull(later);
            return json;
        }
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

    /** A plugin jar. */
    public static ObjectNode json(PluginInfo plugin) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("id", plugin.id())
                .put("version", plugin.version())
                .put("state", plugin.state().id())
                .put("jar", plugin.jar().toString())
                .put("sha256", plugin.sha256())
                .put("signer", plugin.signer())
                .put("reason", plugin.reason());
        var provides = object.putObject("provides");
        new TreeMap<>(plugin.provides()).forEach((point, names) -> {
            var list = provides.putArray(point);
            names.forEach(list::add);
        });
        PluginInfo.Precedence precedence = plugin.precedence();
        var overrides = object.putObject("overrides");
        new TreeMap<>(precedence.overrides()).forEach(overrides::put);
        var overriddenBy = object.putObject("overriddenBy");
        new TreeMap<>(precedence.overriddenBy()).forEach(overriddenBy::put);
        var disabled = object.putArray("disabled");
        precedence.disabled().forEach(disabled::add);
        return object;
    }

    /** A session of tuning. */
    public static ObjectNode json(SessionSummary session) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("session", session.id())
                .put("created", session.created().toString())
                .put("objective", session.purpose())
                .put("trials", session.trials())
                .put("budget", session.budget())
                .put("state", session.state().name().toLowerCase(Locale.ROOT))
                .put("verdict", session.verdict());
        session.improvement().ifPresent(value -> object.put("improvement", value));
        return object;
    }

    /** An entry of the audit log. */
    public static ObjectNode json(AuditEntry entry) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("number", entry.number())
                .put("at", entry.at().toString())
                .put("kind", entry.kind())
                .put("automation", entry.automation().isEmpty() ? null : entry.automation())
                .put("hash", entry.hash());
        object.set("details", entry.details());
        return object;
    }
}
