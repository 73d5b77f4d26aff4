package dev.understudy.app.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.AutomationShape;
import dev.understudy.app.shape.AutomationShape.Listed;
import dev.understudy.app.shape.PatternShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.AutomationState;
import dev.understudy.spi.TaskPattern;
import io.javalin.http.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is asked of automations and patterns, and the decisions of a person about them. */
final class AutomationRoutes {
    /** Who does it, for the log. */
    static final String BY = "dashboard";

    private static final int MAX_NOTE = 500;

    private final Understudy understudy;

    AutomationRoutes(Understudy understudy) {
        this.understudy = understudy;
    }

    List<Route> all() {
        return List.of(
                Route.get("/api/automations", this::list),
                Route.get("/api/automations/{id}", this::show),
                Route.post(
                        "/api/automations/{id}/approve",
                        context -> decide(context, (service, id, _) -> service.approve(id, BY))),
                Route.post("/api/automations/{id}/reject", context -> decide(context, AutomationRoutes::reject)),
                Route.post(
                        "/api/automations/{id}/suspend",
                        context -> decide(context, (service, id, note) -> service.suspend(id, BY, note))),
                Route.post(
                        "/api/automations/{id}/retire",
                        context -> decide(context, (service, id, note) -> service.retire(id, BY, note))),
                Route.post(
                        "/api/automations/{id}/rollback",
                        context -> decide(context, (service, id, note) -> service.rollBack(id, BY, note))),
                Route.get("/api/patterns", this::patterns));
    }

    private AutomationService service() {
        return understudy.automations();
    }

    private void list(Context context) {
        var json = JsonNodeFactory.instance.objectNode();
        var array = json.putArray("automations");
        for (Automation each : service().list()) array.add(AutomationShape.json(Listed.of(service(), each)));
        Answers.json(context, json);
    }

    private Automation find(Context context) {
        String id = context.pathParam("id");
        return service().list().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Failure.Answer(
                        Failure.notFound("There is no automation '" + id + "'", "/api/automations lists all")));
    }

    private void show(Context context) {
        Answers.json(context, detail(find(context)));
    }

    private ObjectNode detail(Automation automation) {
        AutomationFile file = service().read(automation);
        JsonNode evidence = service()
                .evidence(automation)
                .map(AutomationRoutes::tree)
                .orElseGet(JsonNodeFactory.instance::objectNode);
        ObjectNode json = AutomationShape.detail(automation, file, evidence);
        json.set("versions", AutomationShape.versions(automation, service().versions(automation.id())));
        return json;
    }

    private static JsonNode tree(String json) {
        try {
            return WebJson.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("evidence is stored as JSON", e);
        }
    }

    private interface Decision {
        Automation make(AutomationService service, String id, String note);
    }

    private void decide(Context context, Decision decision) {
        String id = find(context).id();
        String note = Answers.body(context).path("note").asText("").strip();
        String reason = note.isEmpty() ? "in the dashboard" : note.substring(0, Math.min(note.length(), MAX_NOTE));
        Answers.json(context, AutomationShape.json(decision.make(service(), id, reason)));
    }

    /** Gives up a proposal, so that its pattern gets no new one; what runs already must be retired by that name. */
    private static Automation reject(AutomationService service, String id, String note) {
        Automation automation = service.get(id);
        if (automation.state() != AutomationState.DRAFT && automation.state() != AutomationState.REHEARSED)
            throw new Failure.Answer(new Failure(
                    409,
                    "The automation " + id + " cannot be rejected",
                    "it is " + automation.state().id() + ", so it is no proposal",
                    "Suspend or retire it"));
        return service.retire(id, BY, "rejected: " + note);
    }

    private void patterns(Context context) {
        Map<String, Automation> proposals = new HashMap<>();
        for (Automation each : service().list()) proposals.put(each.patternId(), each);
        var json = JsonNodeFactory.instance.objectNode();
        var array = json.putArray("patterns");
        for (TaskPattern pattern : understudy.patterns()) {
            ObjectNode shape = PatternShape.json(pattern);
            Automation proposal = proposals.get(pattern.id());
            shape.put("automationId", proposal == null ? null : proposal.id());
            shape.put(
                    "automationState",
                    proposal == null ? null : proposal.state().id());
            array.add(shape);
        }
        Answers.json(context, json);
    }
}
