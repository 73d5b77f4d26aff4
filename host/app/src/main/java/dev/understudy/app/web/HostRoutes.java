package dev.understudy.app.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.HostShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Actor;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.RunUndo;
import dev.understudy.core.engine.Engine;
import dev.understudy.core.triggers.Trigger;
import dev.understudy.core.triggers.TriggerStore;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is asked of the host itself: the session, runs, plugins, triggers, the audit log. */
final class HostRoutes {
    private static final int MAX_RUNS = 500;
    private static final int MAX_FIRINGS = 100;
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
                Route.get("/api/runs/{id}", this::run),
                Route.post("/api/runs/{id}/undo", this::undo),
                Route.post("/api/triggers/{id}/pause", this::pause),
                Route.post("/api/triggers/{id}/resume", this::resume),
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

    private void run(Context context) {
        String id = context.pathParam("id");
        ObjectNode json = runs.detail(id)
                .orElseThrow(() -> new Failure.Answer(
                        Failure.notFound("There is no run '" + id + "'", "/api/runs lists the latest")));
        json.put(
                "undoable",
                understudy.undo().list().stream()
                        .anyMatch(each -> each.run().runId().equals(id)));
        Answers.json(context, json);
    }

    private void undo(Context context) {
        String id = context.pathParam("id");
        RunUndo.Undoable undone = understudy.undo().undo(id, AutomationRoutes.BY);
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id);
        var paths = json.putArray("paths");
        undone.run().paths().forEach(path -> paths.add(path.toString()));
        Answers.json(context, json);
    }

    private void pause(Context context) {
        understudy.automations().life().pauseTriggers(automation(context), Actor.byHand(AutomationRoutes.BY));
        triggers(context);
    }

    private void resume(Context context) {
        understudy.automations().life().resumeTriggers(automation(context), Actor.byHand(AutomationRoutes.BY));
        triggers(context);
    }

    private String automation(Context context) {
        String id = context.pathParam("id");
        if (understudy.automations().list().stream().noneMatch(each -> each.id().equals(id)))
            throw new Failure.Answer(
                    Failure.notFound("There is no automation '" + id + "'", "/api/automations lists all"));
        return id;
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
        Map<String, Map<String, Instant>> next = engine.nextFirings();
        Map<String, Instant> paused = understudy.automations().life().pausedTriggers();
        var array = json.putArray("triggers");
        for (Automation automation : understudy.automations().list()) {
            Optional<AutomationFile> file = understudy.automations().deployed(automation);
            if (file.isEmpty()) continue;
            for (Trigger trigger : file.get().triggers().all()) {
                ObjectNode shape = array.addObject().put("automationId", automation.id());
                shape.put("kind", kind(trigger));
                shape.put("trigger", trigger.key());
                Instant due = next.getOrDefault(automation.id(), Map.of()).get(trigger.key());
                Instant since = paused.get(automation.id());
                shape.put("next", due == null || since != null ? null : due.toString());
                shape.put("pausedSince", since == null ? null : since.toString());
            }
        }
        var firings = json.putArray("firings");
        for (TriggerStore.Kept each : engine.latestFirings(MAX_FIRINGS))
            firings.addObject()
                    .put("automationId", each.firing().automationId())
                    .put("at", each.firing().at().toString())
                    .put("cause", each.firing().causeText())
                    .put("state", each.state().id())
                    .put("note", each.note())
                    .put("runId", each.runId().isEmpty() ? null : each.runId());
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
