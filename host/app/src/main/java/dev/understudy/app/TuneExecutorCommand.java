package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.ExecutorRig;
import dev.understudy.core.Understudy;
import dev.understudy.core.config.ExecutorSettings.Switch;
import dev.understudy.core.executor.tuning.Comparison;
import dev.understudy.core.executor.tuning.KeepRule.Judgement;
import dev.understudy.core.executor.tuning.Mix;
import dev.understudy.core.executor.tuning.SwitchTuner;
import dev.understudy.core.executor.tuning.TunedText;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "executor",
        description = {
            "Find out which of the executor's switches pay for your work: each is measured on and off by turns, and kept only if"
                    + " something surely becomes better and nothing worse.",
            "Your own automations are rehearsed, so that nothing of yours changes. The configuration is written, not put in force."
        })
final class TuneExecutorCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(
            names = "--workload",
            paramLabel = "WORKLOAD",
            defaultValue = ExecutorWorkload.RECORDED,
            description =
                    "What is replayed: recorded (your latest runs), tiny, large, cpu, frequent, or a file with a line"
                            + " {\"script\": …, \"parameters\": {…}} for each call (default: ${DEFAULT-VALUE}).")
    String workload;

    @Option(
            names = "--switch",
            paramLabel = "KEY",
            description =
                    "Only this one, for example enable_object_pool; several times for several (default: all twelve).")
    List<String> switches = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "8",
            description = "How often each is measured (default: ${DEFAULT-VALUE}; at least 4).")
    int rounds;

    @Option(
            names = "--min-gain",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "The least gain that is worth a switch (default: ${DEFAULT-VALUE}).")
    double minGain;

    @Option(
            names = "--harmless",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "By how much a figure may be worse and count as the same (default: ${DEFAULT-VALUE}).")
    double harmless;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where tuned.yaml and conservative.yaml are written (default: executor/ in the data home).")
    @Nullable
    Path output;

    @Option(names = "--seed", paramLabel = "N", description = "Makes the order of measurements repeatable.")
    @Nullable
    Long seed;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        RootCommand root = (RootCommand) spec.root().userObject();
        Console console = root.console();
        Set<Switch> asked = asked();
        SwitchTuner.Plan plan = plan();
        try (Understudy understudy = root.open()) {
            Mix mix = ExecutorWorkload.named(workload, understudy);
            SwitchTuner.Result result = tune(understudy, mix, plan, asked);
            Path folder = output != null
                    ? Invocation.current().path(output)
                    : understudy.home().folder("executor");
            Path tuned = write(folder, "tuned.yaml", TunedText.of(head(mix), result.tuned(), result.alone()));
            write(folder, "conservative.yaml", TunedText.of(head(mix), result.conservative(), result.alone()));
            if (json) Json.print(console, shape(mix, result, tuned));
            else print(console, result, tuned);
        }
        return ExitCode.DONE;
    }

    private SwitchTuner.Result tune(Understudy understudy, Mix mix, SwitchTuner.Plan plan, Set<Switch> asked)
            throws InterruptedException {
        RootCommand root = (RootCommand) spec.root().userObject();
        var random = RandomGeneratorFactory.<RandomGenerator>of("L64X128MixRandom")
                .create(seed != null ? seed : System.nanoTime());
        try (var progress = new Progress(root.console());
                var rig = new ExecutorRig(
                        RootCommand.installation(),
                        understudy.home(),
                        understudy.config(),
                        understudy.userHome(),
                        mix)) {
            return new SwitchTuner(rig, plan, random, progress::step)
                    .tune(understudy.config().executor(), asked);
        }
    }

    private Set<Switch> asked() {
        if (switches.isEmpty()) return EnumSet.allOf(Switch.class);
        Set<Switch> asked = EnumSet.noneOf(Switch.class);
        for (String key : switches)
            asked.add(Arrays.stream(Switch.values())
                    .filter(each -> each.key().equals(key))
                    .findFirst()
                    .orElseThrow(() -> UserException.badInput(
                            "There is no switch '" + key + "'",
                            "there are "
                                    + Arrays.stream(Switch.values())
                                            .map(Switch::key)
                                            .collect(Collectors.joining(", ")),
                            "Name one of these")));
        return asked;
    }

    private SwitchTuner.Plan plan() {
        if (rounds < Comparison.MIN_PAIRS || rounds > 1000)
            throw wrong("--rounds", rounds, "from " + Comparison.MIN_PAIRS + " to 1000");
        if (!(minGain > 0 && minGain < 1)) throw wrong("--min-gain", minGain, "above 0.0 and below 1.0");
        if (!(harmless >= 0 && harmless < 1)) throw wrong("--harmless", harmless, "from 0.0 and below 1.0");
        return new SwitchTuner.Plan(rounds, minGain, harmless);
    }

    private static UserException wrong(String option, Object value, String allowed) {
        return UserException.badInput(option + " is " + value, "it must be " + allowed, "Write another number");
    }

    private List<String> head(Mix mix) {
        return List.of(
                "Measured by 'understudy tune executor' on " + LocalDate.now(ZoneId.systemDefault()) + ": the workload "
                        + mix.name() + ", " + rounds + " rounds,",
                "gains of at least " + minGain + " kept where nothing was worse by more than " + harmless + ".");
    }

    private static Path write(Path folder, String name, String text) {
        try {
            Files.createDirectories(folder);
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw UserException.failed(
                    "The configuration cannot be written", String.valueOf(e), "Name another folder with --output");
        }
    }

    private static void print(Console console, SwitchTuner.Result result, Path tuned) {
        var table = new Table(Table.Column.left("switch"), Table.Column.left("alone"), Table.Column.wrapped("why"));
        result.alone()
                .forEach((each, judgement) ->
                        table.row(new Table.Cell(each.key(), Style.BOLD), verdict(judgement), judgement.reason()));
        table.print(console, "");
        console.out().println();
        if (result.together().isEmpty()) {
            console.out().println("Keep what you have: no switch was shown to pay for this work.");
            return;
        }
        var rows = new Table(
                Table.Column.left("all that is kept"),
                Table.Column.right("baseline"),
                Table.Column.right("tuned"),
                Table.Column.left(""),
                Table.Column.right("improvement"),
                Table.Column.left("95 %"));
        for (Comparison each : result.together().get().comparisons())
            rows.row(
                    each.measure().title(),
                    figure(each.baseline()),
                    figure(each.changed()),
                    each.measure().unit(),
                    share(each.improvement()),
                    share(each.low()) + " to " + share(each.high()));
        rows.print(console, "");
        console.out()
                .println("Written to " + tuned + ", and a conservative one beside it. To have it, copy its section to"
                        + " your configuration.");
    }

    private static Table.Cell verdict(Judgement judgement) {
        return switch (judgement.verdict()) {
            case KEEP -> new Table.Cell("keep", Style.GREEN);
            case NO_GAIN -> new Table.Cell("no gain", Style.DIM);
            case MAY_HARM -> new Table.Cell("may harm", Style.YELLOW);
        };
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.3f", value);
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%+.1f %%", 100 * value);
    }

    private static ObjectNode shape(Mix mix, SwitchTuner.Result result, Path tuned) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("workload", mix.name());
        json.put("keepsWhatThereIs", result.keepsWhatThereIs());
        json.put("file", tuned.toString());
        var kept = json.putArray("kept");
        for (Switch each : Switch.values()) if (result.tuned().isOn(each)) kept.add(each.key());
        var alone = json.putObject("switches");
        result.alone().forEach((each, judgement) -> put(alone.putObject(each.key()), judgement));
        result.together().ifPresent(judgement -> put(json.putObject("together"), judgement));
        return json;
    }

    private static void put(ObjectNode json, Judgement judgement) {
        json.put("verdict", judgement.verdict().name().toLowerCase(Locale.ROOT));
        json.put("reason", judgement.reason());
        var rows = json.putArray("rows");
        for (Comparison each : judgement.comparisons())
            rows.addObject()
                    .put("name", each.measure().title())
                    .put("unit", each.measure().unit())
                    .put("baseline", each.baseline())
                    .put("changed", each.changed())
                    .put("improvement", each.improvement())
                    .put("low", each.low())
                    .put("high", each.high());
    }
}
