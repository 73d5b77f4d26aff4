package dev.understudy.app.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.AutomationShape;
import dev.understudy.app.shape.AutomationShape.Listed;
import dev.understudy.app.shape.PatternShape;
import dev.understudy.app.shape.ProposalShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Actor;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.Lifecycle;
import dev.understudy.core.automation.Occasion;
import dev.understudy.core.automation.OwnScripts;
import dev.understudy.core.automation.Proposal;
import dev.understudy.core.automation.Proposals;
import dev.understudy.core.automation.RequestedRuns;
import dev.understudy.core.automation.RunOrder;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.RunIds;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.spi.TaskPattern;
import io.javalin.http.Context;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What is asked of automations and patterns, and the decisions of a person about them. */
final class AutomationRoutes {
    /** Who does it, for the log. */
    static final String BY = "dashboard";

    private static final int MAX_NOTE = 500;
    private static final int MAX_WAIT_SECONDS = 60;

    private final Understudy understudy;
    private final Consumer<String> problems;
    private final SecureRandom random = new SecureRandom();

    /** @param problems hears of runs that do not begin */
    AutomationRoutes(Understudy understudy, Consumer<String> problems) {
        this.understudy = understudy;
        this.problems = problems;
    }

    List<Route> all() {
        return List.of(
                Route.get("/api/automations", this::list),
                Route.post("/api/automations", this::adopt),
                Route.get("/api/automations/{id}", this::show),
                Route.post("/api/automations/{id}/run", this::run),
                Route.post("/api/automations/{id}/approve", context -> decide(context, Lifecycle::approve)),
                Route.post("/api/automations/{id}/reject", context -> decide(context, Lifecycle::reject)),
                Route.post("/api/automations/{id}/suspend", context -> decide(context, Lifecycle::suspend)),
                Route.post("/api/automations/{id}/retire", context -> decide(context, Lifecycle::retire)),
                Route.post("/api/automations/{id}/rollback", context -> decide(context, Lifecycle::rollBack)),
                Route.get("/api/proposals", this::proposals),
                Route.post("/api/proposals/{number}/take", this::take),
                Route.post("/api/proposals/{number}/reject", this::reject),
                Route.post("/api/runs", this::request),
                Route.get("/api/runs/{id}/result", this::result),
                Route.get("/api/patterns", this::patterns));
    }

    private AutomationService service() {
        return understudy.automations();
    }

    private void list(Context context) {
        var json = JsonNodeFactory.instance.objectNode();
        var array = json.putArray("automations");
        for (Automation each : service().list())
            array.add(AutomationShape.json(Listed.of(service(), understudy.executor(), each)));
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
        json.put(
                "proposedBy",
                service()
                        .proposals()
                        .proposerOf(automation.id(), automation.version())
                        .orElse(null));
        return json;
    }

    private static JsonNode tree(String json) {
        try {
            return WebJson.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what is stored as JSON is none", e);
        }
    }

    private interface Decision {
        Automation make(Lifecycle life, String id, Actor actor);
    }

    private void decide(Context context, Decision decision) {
        String id = find(context).id();
        String note = Answers.body(context).path("note").asText("").strip();
        String reason = note.isEmpty() ? "in the dashboard" : note.substring(0, Math.min(note.length(), MAX_NOTE));
        Answers.json(context, AutomationShape.json(decision.make(service().life(), id, new Actor(BY, reason))));
    }

    /** Makes an automation of a script that a person brings: a draft, or a new version of the one with its id. */
    private void adopt(Context context) throws InterruptedException {
        ObjectNode body = Answers.body(context);
        String name = body.path("name").asText("");
        // A name, and not a path: nothing is read or written under it.
        if (!name.matches("[^/\\\\\\p{Cntrl}]{1,100}") || !body.path("text").isTextual())
            throw new Failure.Answer(new Failure(
                    400, "The script is not taken", "it needs a file's name and a text", "Send {name, text}"));
        OwnScripts.Adopted adopted =
                service().ownScripts().adopt(name, body.path("text").asText());
        ObjectNode json = AutomationShape.json(adopted.automation());
        json.put("change", adopted.change().name().toLowerCase(Locale.ROOT));
        var head = json.putArray("head");
        adopted.head().forEach(head::add);
        Answers.json(context, json);
    }

    /** Starts a run for real; how it goes is asked under its id, where it stands as soon as its turn has come. */
    private void run(Context context) {
        String id = find(context).id();
        Map<String, String> values = parameters(Answers.body(context));
        String runId = RunIds.at(Instant.now(), random);
        ScriptRunner.Run run = service()
                .runs()
                .start(
                        id,
                        RunOrder.of(values, RunRequest.Mode.COMMIT, understudy.userHome())
                                .on(new Occasion(BY, Optional.of(runId), Optional.empty())));
        // Its end is entered by whoever waits for it.
        Thread.ofPlatform().daemon().name("run-" + runId).start(() -> {
            try {
                run.await();
            } catch (UserException e) {
                problems.accept("the run " + runId + " of " + id + " did not begin: " + e.getMessage());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        context.status(202);
        Answers.json(context, JsonNodeFactory.instance.objectNode().put("id", runId));
    }

    /** As a person would type them. */
    private static Map<String, String> parameters(ObjectNode body) {
        JsonNode given = body.path("parameters");
        if (!given.isMissingNode() && !given.isObject())
            throw new Failure.Answer(new Failure(
                    400, "The run is not started", "'parameters' is no object", "Send values by their names"));
        var values = new LinkedHashMap<String, String>();
        for (Map.Entry<String, JsonNode> each : given.properties())
            values.put(
                    each.getKey(),
                    each.getValue().isTextual()
                            ? each.getValue().asText()
                            : each.getValue().toString());
        return values;
    }

    /** Starts a run for a program, once for each key. */
    private void request(Context context) {
        String key = context.header("Idempotency-Key");
        ObjectNode body = Answers.body(context);
        if (key == null || !body.path("automation").isTextual())
            throw new Failure.Answer(new Failure(
                    400,
                    "The run is not started",
                    key == null
                            ? "the header Idempotency-Key is missing, so asking again might start it twice"
                            : "'automation' is missing",
                    "Make up a key for each run that you want, and send {automation, parameters}"));
        RequestedRuns.Started started =
                service().runs().requested().start(key, body.path("automation").asText(), parameters(body), problems);
        context.status(started.repeated() ? 200 : 202);
        context.header("Location", "/api/runs/" + started.runId() + "/result");
        Answers.json(
                context,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("id", started.runId())
                        .put("automationId", started.automationId())
                        .put("repeated", started.repeated()));
    }

    private void result(Context context) throws InterruptedException {
        String id = context.pathParam("id");
        Duration wait = Duration.ofSeconds(Answers.integer(context, "wait_seconds", 0, 0, MAX_WAIT_SECONDS));
        RequestedRuns.Result result = service()
                .runs()
                .requested()
                .find(id, wait)
                .orElseThrow(() -> new Failure.Answer(Failure.notFound(
                        "There is no result of '" + id + "'",
                        "Results are kept of runs that POST /api/runs has started, for " + RequestedRuns.KEPT.toDays()
                                + " days")));
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", result.runId())
                .put("automationId", result.automationId())
                .put("state", result.state());
        json.set("result", result.resultJson().map(AutomationRoutes::tree).orElse(null));
        json.put("error", result.error().isEmpty() ? null : result.error());
        Answers.json(context, json);
    }

    /** What programs have proposed and waits. */
    private void proposals(Context context) {
        var json = JsonNodeFactory.instance.objectNode();
        var array = json.putArray("proposals");
        Proposals proposals = service().proposals();
        for (Proposal each : proposals.waiting()) array.add(detail(proposals, each));
        Answers.json(context, json);
    }

    private static ObjectNode detail(Proposals proposals, Proposal each) {
        return ProposalShape.detail(each, proposals.read(each), ProposalShape.diff(each, proposals.before(each)));
    }

    /** Makes a proposal a version of its automation and rehearses it on a copy of the person's files; it does not run yet. */
    private void take(Context context) throws InterruptedException {
        long number = proposal(context);
        String id = service().proposals().take(number, BY).id();
        service().rehearsals().rehearse(id);
        Answers.json(context, AutomationShape.json(service().get(id)).put("proposal", number));
    }

    private void reject(Context context) {
        Proposals proposals = service().proposals();
        Answers.json(context, detail(proposals, proposals.reject(proposal(context), BY)));
    }

    private static long proposal(Context context) {
        String number = context.pathParam("number");
        if (!number.matches("\\d{1,18}"))
            throw new Failure.Answer(
                    Failure.notFound("There is no proposal '" + number + "'", "GET /api/proposals lists them"));
        return Long.parseLong(number);
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
        var problems = json.putArray("problems");
        understudy.patternProblems().forEach(problems::add);
        Answers.json(context, json);
    }
}
