package dev.understudy.app.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.HostShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.engine.Engine;
import dev.understudy.core.triggers.Trigger;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is asked of the host itself: the session, runs, plugins, triggers, the audit log. */
final class HostRoutes {
    private static final int MAX_RUNS = 500;
    private static final int MAX_ENTRIES = 500;

    private final Understudy understudy;
    private final Engine engine;
    private final Sessions sessions;
    private final Runs runs;
    private final LivePoints points;
    private final String version;
    private final Instant startedAt;

    HostRoutes(
            Understudy understudy,
            Engine engine,
            Sessions sessions,
            Runs runs,
            LivePoints points,
            String version,
            Instant startedAt) {
        this.understudy = understudy;
        this.engine = engine;
        this.sessions = sessions;
        this.runs = runs;
        this.points = points;
        this.version = version;
        this.startedAt = startedAt;
    }

    List<Route> all() {
        return List.of(
                Route.get("/api/session", this::session),
                Route.get("/api/runs", this::runs),
                Route.get("/api/live", context -> Answers.json(context, points.recent())),
                Route.get("/api/plugins", this::plugins),
                Route.get("/api/triggers", this::triggers),
                Route.get("/api/audit", this::audit));
    }

    private void session(Context context) {
        @Nullable String session = (String) context.req().getAttribute(Gate.SESSION);
        Answers.json(
                context,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("version", version)
                        .put("csrfToken", session == null ? null : sessions.csrfToken(session))
                        .put("startedAt", startedAt.toString())
                        .put("user", System.getProperty("user.name")));
    }

    private void runs(Context context) {
        var json = JsonNodeFactory.instance.objectNode();
        json.set("runs", runs.latest(Answers.integer(context, "limit", 50, 1, MAX_RUNS)));
        Answers.json(context, json);
    }

    private void plugins(Context context) {
        var json = JsonNodeFactory.instance.objectNode();
        var array = json.putArray("plugins");
        understudy.plugins().list().forEach(each -> array.add(HostShape.json(each)));
        Answers.json(context, json);
    }

    private void triggers(Context context) {
        Engine.Status status = engine.status();
        var json = JsonNodeFactory.instance.objectNode();
        json.put("watched", status.triggers());
        json.put("nextCron", status.nextCron().map(Instant::toString).orElse(null));
        var array = json.putArray("triggers");
        for (Automation automation : understudy.automations().list()) {
            Optional<AutomationFile> file = understudy.automations().deployed(automation);
            if (file.isEmpty()) continue;
            for (Trigger trigger : file.get().triggers().all()) {
                ObjectNode shape = array.addObject().put("automationId", automation.id());
                shape.put("kind", kind(trigger));
                shape.put("trigger", trigger.key());
            }
        }
        Answers.json(context, json);
    }

    private static String kind(Trigger trigger) {
        return switch (trigger) {
            case Trigger.Cron _ -> "cron";
            case Trigger.FileChange _ -> "path";
            case Trigger.TaskRecorded _ -> "task";
            case Trigger.Webhook _ -> "webhook";
        };
    }

    private void audit(Context context) {
        long before = Answers.number(context, "before", Long.MAX_VALUE, 1, Long.MAX_VALUE);
        int limit = Answers.integer(context, "limit", 100, 1, MAX_ENTRIES);
        var json = JsonNodeFactory.instance.objectNode();
        var array = json.putArray("entries");
        understudy.automations().audit().before(before, limit).forEach(each -> array.add(HostShape.json(each)));
        Answers.json(context, json);
    }
}
