package dev.understudy.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.mcp.Tool;
import dev.understudy.app.mcp.Tool.Client;
import dev.understudy.app.mcp.Tool.Effect;
import dev.understudy.app.mcp.Tool.Parameter;
import dev.understudy.app.mcp.Tool.Parameter.Need;
import dev.understudy.app.shape.AutomationShape;
import dev.understudy.app.shape.PatternShape;
import dev.understudy.app.shape.PerformanceShape;
import dev.understudy.app.shape.ProposalShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.Occasion;
import dev.understudy.core.automation.Proposal;
import dev.understudy.core.automation.Proposals;
import dev.understudy.core.automation.RunOrder;
import dev.understudy.core.performance.PerformanceReport;
import dev.understudy.core.performance.PerformanceService;
import dev.understudy.core.performance.Period;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.sandbox.Notices;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** What a program that acts for a person can have done: look, run what the person has approved, and propose. */
final class McpTools {
    private static final int MAX_ID = 60;
    private static final int MAX_PERIOD = 10;
    private static final int MAX_LISTED = 200;

    private final Understudy understudy;

    McpTools(Understudy understudy) {
        this.understudy = understudy;
    }

    List<Tool> all() {
        return List.of(
                new Tool(
                        "list_patterns",
                        "Lists what the person repeats, what is most worth automating first.",
                        Effect.READS,
                        List.of(Parameter.number("limit", "How many at most.", 20, 1, MAX_LISTED)),
                        this::patterns),
                new Tool(
                        "list_automations",
                        "Lists the automations with their state and, of those that run, their parameters. Only those in state"
                                + " 'deployed' or 'rolled_back' can be run.",
                        Effect.READS,
                        List.of(),
                        (_, _) -> automations()),
                new Tool(
                        "run_automation",
                        "Runs an automation that the person has approved, for real, and waits for its end. Its changes are"
                                + " made all together when it succeeds, and none if not.",
                        Effect.CHANGES,
                        List.of(
                                Parameter.text("id", "As list_automations has it.", Need.REQUIRED, MAX_ID),
                                Parameter.object("parameters", "Values by name; defaults stand for the rest.")),
                        this::run),
                new Tool(
                        "read_report",
                        "Gives the report on workflows, automations and time saved.",
                        Effect.READS,
                        List.of(Parameter.text(
                                "period", "How far back, as 12h or 4w.", WorkflowsCommand.PERIOD, MAX_PERIOD)),
                        (arguments, _) -> report(arguments.path("period").asText())),
                new Tool(
                        "get_advice",
                        "Gives the changes to workflows most worth making, with what each is expected to bring.",
                        Effect.READS,
                        List.of(
                                Parameter.text(
                                        "period", "How far back, as 12h or 4w.", WorkflowsCommand.PERIOD, MAX_PERIOD),
                                Parameter.number("limit", "How many at most.", 3, 1, MAX_LISTED)),
                        this::advice),
                new Tool(
                        "propose_automation",
                        "Hands in a script (Python, JavaScript or Bash with its metadata as first comment: id, description,"
                                + " language, grants, parameters, [[tests]] with the files that they need) for the person"
                                + " to look at. Answers what its check and its tests say, and what it would change. Nothing comes"
                                + " of it before the person takes and approves it.",
                        Effect.CHANGES,
                        List.of(Parameter.text(
                                "script", "The whole text.", Need.REQUIRED, Proposals.MAX_SCRIPT_CHARACTERS)),
                        this::propose),
                new Tool(
                        "get_proposal",
                        "Tells what has become of a proposal of yours.",
                        Effect.READS,
                        List.of(Parameter.number(
                                "number", "As propose_automation has answered it.", 1, Integer.MAX_VALUE)),
                        this::proposal));
    }

    /** Who does it, for the log and for people; a client may call itself anything, so it is said that it is one. */
    private static String by(Client client) {
        return "mcp client '" + client.name() + "'";
    }

    private AutomationService service() {
        return understudy.automations();
    }

    /** As another process would see it now: what this one keeps in memory is from when it began, perhaps days ago. */
    private Understudy now() {
        return understudy.session(Notices.SILENT);
    }

    private JsonNode patterns(ObjectNode arguments, Client client) {
        var json = JsonNodeFactory.instance.objectNode();
        try (Understudy now = now()) {
            var array = json.putArray("patterns");
            now.patterns().stream()
                    .limit(arguments.path("limit").asInt())
                    .forEach(each -> array.add(PatternShape.json(each)));
            var problems = json.putArray("problems");
            now.patternProblems().forEach(problems::add);
        }
        return json;
    }

    private JsonNode automations() {
        var json = JsonNodeFactory.instance.objectNode();
        var array = json.putArray("automations");
        for (Automation each : service().list()) {
            ObjectNode shape = AutomationShape.json(each);
            service().deployed(each).ifPresent(file -> {
                shape.put("description", file.description());
                shape.set("parameters", AutomationShape.parameters(file));
            });
            array.add(shape);
        }
        return json;
    }

    private JsonNode run(ObjectNode arguments, Client client) throws InterruptedException {
        var values = new LinkedHashMap<String, String>();
        for (Map.Entry<String, JsonNode> each : arguments.path("parameters").properties())
            values.put(
                    each.getKey(),
                    each.getValue().isTextual()
                            ? each.getValue().asText()
                            : each.getValue().toString());
        ScriptRunner.Run run = service()
                .runs()
                .start(
                        arguments.path("id").asText(),
                        RunOrder.of(values, RunRequest.Mode.COMMIT, understudy.userHome())
                                .on(Occasion.by(by(client))));
        RunReport report = await(run);
        return RunView.json(report, service().runs().steps(report.runId()));
    }

    /** Waits for a run's end, which is entered in the log by whoever waits; a run whose client does not want it any more ends first. */
    private static RunReport await(ScriptRunner.Run run) throws InterruptedException {
        var whole = new FutureTask<>(run::await);
        Thread waiting = Thread.ofPlatform().daemon().name("mcp run").start(whole);
        try {
            return whole.get();
        } catch (InterruptedException cancelled) {
            run.cancel();
            waiting.join();
            throw cancelled;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UserException refused) throw refused;
            throw new IllegalStateException("a run ended by a bug", e);
        }
    }

    private JsonNode report(String period) {
        try (Understudy now = now()) {
            PerformanceService service = now.performanceService();
            Period stretch = Period.of(period, now.performance());
            var said = PerformanceReport.of(
                    stretch,
                    service.analyseAll(stretch.from(), stretch.to()),
                    now.performance(),
                    service,
                    now.acceptedAdvice());
            return new ReportView(period.toLowerCase(Locale.ROOT), said, now.report()).json();
        }
    }

    private JsonNode advice(ObjectNode arguments, Client client) {
        var json = JsonNodeFactory.instance.objectNode();
        try (Understudy now = now()) {
            PerformanceService service = now.performanceService();
            Period stretch = Period.of(arguments.path("period").asText(), now.performance());
            var analyses = new ArrayList<WorkflowAnalysis>(service.analyseAll(stretch.from(), stretch.to()));
            analyses.addAll(service.analyseProcesses(stretch.from(), stretch.to()));
            var array = json.putArray("recommendations");
            PerformanceService.mostWorthMaking(analyses).stream()
                    .limit(arguments.path("limit").asInt())
                    .forEach(each -> array.add(PerformanceShape.json(each)));
        }
        return json;
    }

    private JsonNode propose(ObjectNode arguments, Client client) throws InterruptedException {
        Proposals proposals = service().proposals();
        Proposal proposal =
                proposals.propose(by(client), arguments.path("script").asText());
        ObjectNode json = ProposalShape.detail(
                proposal, proposals.read(proposal), ProposalShape.diff(proposal, proposals.before(proposal)));
        return json.put(
                "next",
                "It waits for the person, who sees it with 'understudy proposals show " + proposal.number()
                        + "'. Nothing comes of it before.");
    }

    private JsonNode proposal(ObjectNode arguments, Client client) {
        Proposal proposal = service().proposals().get(arguments.path("number").asLong());
        if (!proposal.by().equals(by(client)))
            throw UserException.notAllowed(
                    "The proposal " + proposal.number() + " is not shown",
                    "another client has made it",
                    "Ask the person");
        return ProposalShape.json(proposal);
    }
}
