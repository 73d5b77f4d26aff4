package dev.understudy.app.shape;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.engine.EngineEvent;
import dev.understudy.core.plugin.PluginInfo;
import dev.understudy.core.tuning.program.SessionSummary;
import java.util.Locale;
import java.util.TreeMap;

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

    /** A plugin jar. */
    public static ObjectNode json(PluginInfo plugin) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("id", plugin.id())
                .put("version", plugin.version())
                .put("state", plugin.state().id())
                .put("jar", plugin.jar().toString())
                .put("sha256", plugin.sha256())
                .put("reason", plugin.reason());
        var provides = object.putObject("provides");
        new TreeMap<>(plugin.provides()).forEach((point, names) -> {
            var list = provides.putArray(point);
            names.forEach(list::add);
        });
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
