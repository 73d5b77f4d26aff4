package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Experiment;
import dev.understudy.core.automation.Experiments;
import dev.understudy.core.statistics.Comparison;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "ab",
        description = {
            "Have two versions of an automation run in turn, until a test tells which is better; then that one runs.",
            "Success counts first (Fisher's exact test), then duration (rank sum test); no difference keeps the first.",
            "Starting one approves the second version. Without an option it shows how the experiment stands."
        })
final class AbCommand implements Callable<Integer> {
    @ParentCommand
    AutomationsCommand automations;

    @Parameters(paramLabel = "ID")
    String id;

    @Option(
            names = "--versions",
            paramLabel = "A,B",
            split = ",",
            arity = "1",
            description = "The version that runs now, and another.")
    List<Integer> versions = List.of();

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Runs of each (default: " + Comparison.DEFAULT_RUNS + ").")
    int runs = Comparison.DEFAULT_RUNS;

    @Option(names = "--stop", description = "End it without a verdict.")
    boolean stop;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        RootCommand root = automations.root;
        if (!versions.isEmpty() && versions.size() != 2)
            throw dev.understudy.core.problem.UserException.badInput(
                    "No experiment was started",
                    "--versions names " + versions.size() + " version" + (versions.size() == 1 ? "" : "s"),
                    "Name two, like --versions 1,2");
        Optional<Experiment> experiment;
        try (Understudy understudy = root.open()) {
            Experiments experiments = understudy.automations().experiments();
            if (stop) experiment = experiments.stop(id);
            else if (versions.isEmpty()) experiment = experiments.latest(id);
            else experiment = Optional.of(experiments.start(id, versions.get(0), versions.get(1), runs));
        }
        if (json || automations.json) {
            var object = JsonNodeFactory.instance.objectNode().put("id", id);
            object.set("experiment", experiment.map(AbCommand::json).orElse(null));
            Json.print(root.console(), object);
        } else if (experiment.isEmpty()) {
            root.console()
                    .out()
                    .println("There was no experiment with " + id + ". Start one with: " + root.commandPrefix()
                            + " automations ab " + id + " --versions A,B");
        } else {
            print(root.console(), experiment.get());
        }
        return ExitCode.DONE;
    }

    private static ObjectNode json(Experiment experiment) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("state", experiment.end().isPresent() ? "ended" : "running");
        json.put("started", experiment.started().toString());
        json.put("runsEach", experiment.runsEach());
        json.set("a", json(experiment.a()));
        json.set("b", json(experiment.b()));
        json.put(
                "verdict",
                experiment
                        .end()
                        .map(end -> end.verdict().name().toLowerCase(Locale.ROOT))
                        .orElse(null));
        json.put("reason", experiment.end().map(Experiment.End::reason).orElse(null));
        json.put("ended", experiment.end().map(end -> end.at().toString()).orElse(null));
        json.put("alpha", Comparison.ALPHA);
        return json;
    }

    private static ObjectNode json(Experiment.Arm arm) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("version", arm.version())
                .put("runs", arm.runs().runs())
                .put("succeeded", arm.runs().goodMillis().size())
                .put("averageDurationMillis", average(arm));
    }

    private static @Nullable Double average(Experiment.Arm arm) {
        var millis = arm.runs().goodMillis();
        return millis.isEmpty()
                ? null
                : millis.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static void print(Console console, Experiment experiment) {
        var table = new Table(
                Table.Column.left(""),
                Table.Column.right("version"),
                Table.Column.right("runs"),
                Table.Column.right("succeeded"),
                Table.Column.right("took"));
        row(table, "A", experiment, experiment.a());
        row(table, "B", experiment, experiment.b());
        table.print(console, "");
        Optional<Experiment.End> end = experiment.end();
        if (end.isPresent()) {
            String verdict = switch (end.get().verdict()) {
                case A_BETTER -> "Version " + experiment.a().version() + " is better.";
                case B_BETTER -> "Version " + experiment.b().version() + " is better.";
                case NO_DIFFERENCE -> "No difference was found.";
            };
            console.out()
                    .println("\n" + Style.BOLD.of(console, verdict) + " "
                            + end.get().reason());
            return;
        }
        double rate = Comparison.detectableRate(experiment.runsEach());
        console.out()
                .println("\nUnder way. It ends by itself after " + experiment.runsEach() + " runs of each. "
                        + (rate == 0
                                ? "With so few, only duration can show a difference."
                                : "With so many, a success rate of " + VersionsView.percent(rate)
                                        + " is told from one of 95 % four times out of five; equal versions get a verdict"
                                        + " once in twenty experiments at most."));
    }

    private static void row(Table table, String name, Experiment experiment, Experiment.Arm arm) {
        Double average = average(arm);
        table.row(
                new Table.Cell(name, Style.BOLD),
                arm.version(),
                arm.runs().runs() + " of " + experiment.runsEach(),
                arm.runs().goodMillis().size(),
                average == null ? "" : Quantities.duration(Duration.ofMillis(Math.round(average))));
    }
}
