package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.app.shape.PerformanceShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.advice.AdviceService;
import dev.understudy.core.advice.AdviceService.Outcome;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.automation.Automation.RehearsalScore;
import dev.understudy.core.performance.AcceptedAdvice.Effect;
import dev.understudy.core.performance.AcceptedAdvice.Verdict;
import dev.understudy.core.performance.PerformanceService;
import dev.understudy.core.performance.Period;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.performance.Recommendation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "recommend",
        description =
                "List the changes most worth making, with what each is expected to bring; have one made; say which were made; see what they brought.",
        subcommands = {
            RecommendCommand.Apply.class,
            RecommendCommand.Undo.class,
            RecommendCommand.Accept.class,
            RecommendCommand.Effects.class
        })
final class RecommendCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Option(
            names = "--period",
            defaultValue = WorkflowsCommand.PERIOD,
            description = "How far back (default: ${DEFAULT-VALUE}).")
    String period;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many at most (default: ${DEFAULT-VALUE}).")
    int limit;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        Console console = root.console();
        try (Understudy understudy = root.open()) {
            List<Recommendation> best =
                    all(understudy, period).stream().limit(Math.max(0, limit)).toList();
            if (json) {
                var object = JsonNodeFactory.instance.objectNode();
                var array = object.putArray("recommendations");
                best.forEach(each -> array.add(PerformanceShape.json(each)));
                WorkflowsCommand.addProblems(object, understudy.performanceService());
                Json.print(console, object);
            } else if (best.isEmpty()) console.out().println("Nothing in the recorded executions is worth changing.");
            else PerformanceView.printRecommendations(console, best);
        }
        return ExitCode.DONE;
    }

    /** Of all workflows, what is most worth making first. */
    private List<Recommendation> all(Understudy understudy, String stretchText) {
        PerformanceService service = understudy.performanceService();
        Period stretch = Period.of(stretchText, understudy.performance());
        var analyses = new ArrayList<WorkflowAnalysis>(service.analyseAll(stretch.from(), stretch.to()));
        analyses.addAll(service.analyseProcesses(stretch.from(), stretch.to()));
        WorkflowsCommand.warn(root.console(), service);
        return PerformanceService.mostWorthMaking(analyses);
    }

    /** The one with an id, as it is advised now. */
    private Recommendation find(Understudy understudy, String id, String stretchText) {
        return all(understudy, stretchText).stream()
                .filter(each -> each.recommendationId().equals(id))
                .findFirst()
                .orElseThrow(() -> UserException.badInput(
                        "There is no recommendation '" + id + "'",
                        "the recorded executions give no such advice",
                        "'recommend --limit 100' lists all"));
    }

    @Command(
            name = "apply",
            description = {
                "Have a recommendation made. Where it is about an automation of Understudy's, a new version of that is rehearsed,"
                        + " and compared on alternate runs with the one that runs: that approves it for them, and the better one stays.",
                "Where Understudy's own settings can do it, the configuration file gets a new version, and parameters of a target are"
                        + " set and kept; both are compared with what was before by 'recommend effects', and taken back by"
                        + " 'recommend undo'.",
                "Elsewhere nothing is changed: what is to be changed is printed, for a person or (--json) a program."
            })
    static final class Apply implements Callable<Integer> {
        @ParentCommand
        RecommendCommand recommend;

        @Parameters(paramLabel = "ID", description = "Its id.")
        String id;

        @Option(
                names = "--period",
                defaultValue = WorkflowsCommand.PERIOD,
                description = "How far back (default: ${DEFAULT-VALUE}).")
        String period;

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        @Override
        public Integer call() throws InterruptedException {
            Console console = recommend.root.console();
            try (Understudy understudy = recommend.root.open()) {
                Recommendation recommendation = recommend.find(understudy, id, period);
                Outcome applied = recommend.advice(understudy).apply(recommendation);
                log(understudy, applied);
                if (json) Json.print(console, AppliedView.json(recommendation, applied));
                else AppliedView.print(recommend.root, recommendation, applied);
                boolean failed = applied instanceof Outcome.Version(var version)
                        && !version.automation()
                                .rehearsal()
                                .map(RehearsalScore::deployable)
                                .orElse(false);
                return failed ? ExitCode.FAILED : ExitCode.DONE;
            }
        }

        private void log(Understudy understudy, Outcome applied) {
            var details = new LinkedHashMap<String, Object>();
            details.put("recommendation", id);
            String automation = "";
            switch (applied) {
                case Outcome.Version(var version) -> {
                    automation = version.automation().id();
                    details.put("version", version.automation().version());
                }
                case Outcome.Settings settings -> {
                    details.put("file", settings.file().toString());
                    details.put("changes", settings.changes());
                }
                case Outcome.Parameters parameters -> details.put("changes", parameters.changes());
                case Outcome.Left _ -> {
                    return;
                }
            }
            details.put("by", "person");
            understudy.automations().audit().add(AuditKind.RECOMMENDATION_APPLIED, automation, details);
        }
    }

    private AdviceService advice(Understudy understudy) {
        return understudy.adviceService(Optional.of(root.configFile()));
    }

    @Command(
            name = "undo",
            description = {
                "Take back the settings or parameters that a recommendation has set; the configuration is as it was before.",
                "What somebody has changed since is left alone. Versions of automations: 'automations rollback'."
            })
    static final class Undo implements Callable<Integer> {
        @ParentCommand
        RecommendCommand recommend;

        @Parameters(paramLabel = "ID", description = "Its id.")
        String id;

        @Override
        public Integer call() throws InterruptedException {
            Console console = recommend.root.console();
            try (Understudy understudy = recommend.root.open()) {
                List<String> undone = recommend.advice(understudy).undo(id);
                understudy
                        .automations()
                        .audit()
                        .add(
                                AuditKind.RECOMMENDATION_UNDONE,
                                "",
                                Map.of("recommendation", id, "changes", undone, "by", "person"));
                console.out().println("Taken back:");
                for (String each : undone) console.out().println("  " + Console.printable(each));
            }
            return ExitCode.DONE;
        }
    }

    @Command(name = "accept", description = "Say that a recommendation has been followed, from now on.")
    static final class Accept implements Callable<Integer> {
        @ParentCommand
        RecommendCommand recommend;

        @Parameters(paramLabel = "ID", description = "Its id.")
        String id;

        @Option(
                names = "--at",
                paramLabel = "TIME",
                description = "Since when, for example 2026-11-09T09:00:00Z (default: now).")
        @Nullable
        Instant at;

        @Option(
                names = "--period",
                defaultValue = WorkflowsCommand.PERIOD,
                description = "How far back (default: ${DEFAULT-VALUE}).")
        String period;

        @Override
        public Integer call() {
            try (Understudy understudy = recommend.root.open()) {
                Recommendation recommendation = recommend.find(understudy, id, period);
                understudy.acceptedAdvice().accept(recommendation, at == null ? Instant.now() : at);
                understudy
                        .automations()
                        .audit()
                        .add(
                                AuditKind.RECOMMENDATION_ACCEPTED,
                                "",
                                Map.of("recommendation", id, "workflow", recommendation.workflow(), "by", "person"));
                recommend.root.console().out().println("Noted. 'recommend effects' will tell what it brought.");
            }
            return ExitCode.DONE;
        }
    }

    @Command(name = "effects", description = "Show what the recommendations that were followed have really brought.")
    static final class Effects implements Callable<Integer> {
        @ParentCommand
        RecommendCommand recommend;

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        @Override
        public Integer call() {
            Console console = recommend.root.console();
            List<Effect> effects;
            try (Understudy understudy = recommend.root.open()) {
                effects = understudy.acceptedAdvice().effects();
            }
            if (json) {
                var object = JsonNodeFactory.instance.objectNode();
                var array = object.putArray("effects");
                for (Effect each : effects) {
                    var entry = array.addObject()
                            .put("recommendation_id", each.recommendationId())
                            .put("workflow", each.workflow())
                            .put("accepted_at", each.acceptedAt().toString())
                            .put("expected_improvement", each.expected())
                            .put("executions_since", each.executionsSince())
                            .put("verdict", each.verdict().name().toLowerCase(Locale.ROOT));
                    if (!Double.isNaN(each.actual()))
                        entry.put("actual_improvement", each.actual())
                                .put("accuracy", each.accuracy())
                                .putObject("actual_interval")
                                .put("low", each.low())
                                .put("high", each.high());
                }
                Json.print(console, object);
            } else if (effects.isEmpty()) console.out().println("No recommendation has been accepted.");
            else print(console, effects);
            return ExitCode.DONE;
        }

        private static void print(Console console, List<Effect> effects) {
            var table = new Table(
                    Table.Column.left("verdict"),
                    Table.Column.right("expected"),
                    Table.Column.right("actual"),
                    Table.Column.right("executions since"),
                    Table.Column.wrapped("recommendation"));
            for (Effect each : effects)
                table.row(
                        each.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        String.format(Locale.ROOT, "%.0f %%", each.expected()),
                        Double.isNaN(each.actual())
                                ? "-"
                                : String.format(
                                        Locale.ROOT, "%.0f %% (%.0f to %.0f)", each.actual(), each.low(), each.high()),
                        each.executionsSince(),
                        each.recommendationId());
            table.print(console, "");
            if (effects.stream().anyMatch(each -> each.verdict() == Verdict.HARMED))
                console.out()
                        .println(
                                "What harmed is taken back with 'recommend undo ID', if 'recommend apply' has set it.");
        }
    }
}
