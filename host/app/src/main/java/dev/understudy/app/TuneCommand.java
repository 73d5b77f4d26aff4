package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.app.shape.HostShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.config.Quantity;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.Direction;
import dev.understudy.core.tuning.Phase;
import dev.understudy.core.tuning.TrialRecord;
import dev.understudy.core.tuning.TuningListener;
import dev.understudy.core.tuning.TuningResult;
import dev.understudy.core.tuning.TuningStatus;
import dev.understudy.core.tuning.Verdict;
import dev.understudy.core.tuning.program.ProfileDraft;
import dev.understudy.core.tuning.program.SessionSummary;
import dev.understudy.core.tuning.program.Tuning;
import dev.understudy.core.tuning.program.TuningProfile;
import dev.understudy.core.tuning.program.TuningProfile.Program;
import dev.understudy.core.tuning.program.TuningService;
import dev.understudy.sandbox.control.IsolationLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "tune",
        description = {
            "Find better values for a program's parameters by measured trials, and tell honestly whether they are better.",
            "  understudy tune --objective 'make bench' --metric 'took ([0-9.]+)' --param jobs=int:1..64",
            "The objective finds its values in its environment, PARAM_JOBS, or where {jobs} stands in it. The default setting is"
                    + " measured first and last; the best candidate races against it. What was set before is set after, unless"
                    + " --apply-best is given and the race shows an improvement.",
            "Parameters: int:1..64, int:log:1..4096|0 (0 being special), real:0..1, real:log:1e-3..10, ord:s,m,l, cat:a,b, bool;"
                    + " then default=VALUE and 'if OTHER=VALUE'."
        },
        subcommands = {
            TuneExecutorCommand.class,
            TuneParametersCommand.class,
            TuneSetCommand.class,
            TuneRestoreCommand.class
        })
final class TuneCommand implements Callable<Integer> {
    private static final String SCRIPT = "script:";

    private static final Set<String> WITH_RESUME = Set.of("--resume", "--json", "--html", "--apply-best");

    @ParentCommand
    RootCommand root;

    @Spec
    CommandSpec spec;

    @Parameters(
            paramLabel = "PROFILE",
            arity = "0..1",
            description = "A YAML file that says the same as the options; these replace what it says.")
    @Nullable
    Path profile;

    @Option(
            names = "--objective",
            paramLabel = "COMMAND",
            description = "What is measured: a command, or script:FILE for a script that returns {\"value\": …}.")
    @Nullable
    String objective;

    @Option(
            names = "--metric",
            paramLabel = "REGEX|POINTER",
            description =
                    "Where the figure stands in what it prints: a regular expression, its first group, the last match; or a JSON"
                            + " pointer like /p99. Without it the time it takes counts.")
    @Nullable
    String metric;

    @Option(names = "--minimize", description = "Less is better (the default).")
    boolean minimize;

    @Option(names = "--maximize", description = "More is better.")
    boolean maximize;

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUES",
            description = "A parameter; may be given several times. A target's needs no values.")
    List<String> parameters = new ArrayList<>();

    @Option(
            names = "--constraint",
            paramLabel = "TEST",
            description = "What must hold, for example 'workers * buffer <= 4096'.")
    List<String> constraints = new ArrayList<>();

    @Option(
            names = "--apply",
            paramLabel = "COMMAND",
            description = "Puts values in force before they are measured; likewise script:FILE.")
    @Nullable
    String apply;

    @Option(names = "--target", paramLabel = "NAME", description = "A plugin's parameter target that does so.")
    @Nullable
    String target;

    @Option(
            names = "--strategy",
            paramLabel = "NAME",
            description = "One that 'optimizers' lists, or script:FILE (default: ADAPTIVE).")
    @Nullable
    String strategy;

    @Option(names = "--budget", paramLabel = "N", description = "Trials in all (default: 60).")
    @Nullable
    Integer budget;

    @Option(names = "--time", paramLabel = "DURATION", description = "No more trials after it (default: 1h).")
    @Nullable
    String time;

    @Option(names = "--seed", paramLabel = "N", description = "Makes a session repeatable (default: drawn).")
    @Nullable
    Long seed;

    @Option(names = "--repeats", paramLabel = "N", description = "Measurements of each trial (default: 1).")
    @Nullable
    Integer repeats;

    @Option(
            names = "--settle",
            paramLabel = "DURATION",
            description = "How long values are left to take effect (default: none).")
    @Nullable
    String settle;

    @Option(
            names = "--objective-timeout",
            paramLabel = "DURATION",
            description = "A command that takes longer is ended, and has failed (default: 1m).")
    @Nullable
    String objectiveTimeout;

    @Option(names = "--isolation", paramLabel = "LEVEL", description = "Of scripts: full, partial or minimal.")
    @Nullable
    IsolationLevel isolation;

    @Option(
            names = "--on",
            paramLabel = "HOST-COMMAND",
            description =
                    "Measure on this machine: a command that starts others there and passes their input on, like 'ssh db2'; 'here'"
                            + " is this one. Several times for several machines: the search is on the first, the race on all, and"
                            + " the verdict says what to expect on others like them.")
    List<String> machines = new ArrayList<>();

    @Option(names = "--apply-best", description = "Apply the best setting if the race shows that it is better.")
    boolean applyBest;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write the result with its charts as one HTML file.")
    @Nullable
    Path html;

    @Option(
            names = "--resume",
            paramLabel = "ID",
            arity = "0..1",
            fallbackValue = "",
            description = "Go on with a session that was interrupted (default: the latest).")
    @Nullable
    String resume;

    @Option(names = "--list", description = "List sessions.")
    boolean list;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        try (var interruption = new Interruption();
                Understudy understudy = root.open()) {
            TuningService service = understudy.tuning();
            if (list) return list(service);
            if (resume != null) refuseMore();
            try (Tuning tuning = resume == null ? service.prepare(profile()) : service.resume(resume)) {
                return tune(tuning);
            } catch (UserException e) {
                if (!interruption.asked()) throw e;
                // The process ends as soon as this is closed, so nobody else would get to say it.
                Errors.report(root.console(), e, root.debug());
                return ExitCode.INTERRUPTED;
            }
        } catch (InterruptedException _) {
            return ExitCode.INTERRUPTED;
        }
    }

    /** A session goes on as it began. */
    private void refuseMore() {
        List<String> more = spec.commandLine().getParseResult().matchedOptions().stream()
                .filter(option -> !option.inherited() && !WITH_RESUME.contains(option.longestName()))
                .map(option -> option.longestName())
                .toList();
        if (profile == null && more.isEmpty()) return;
        throw UserException.badInput(
                "--resume does not go with " + (profile == null ? more.getFirst() : "a profile"),
                "a session goes on as it began",
                "Leave it out, or begin a new session");
    }

    private TuningProfile profile() {
        Path here = Invocation.current().folder();
        ProfileDraft draft = profile == null ? ProfileDraft.in(here) : ProfileDraft.read(profile, here);
        if (minimize && maximize)
            throw UserException.badInput(
                    "--minimize and --maximize exclude each other",
                    "a figure is better in one direction",
                    "Leave one out");
        if (objective != null) draft.objective(program(objective));
        if (metric != null) draft.metric(metric);
        if (minimize) draft.direction(Direction.MINIMIZE);
        if (maximize) draft.direction(Direction.MAXIMIZE);
        for (String each : parameters) {
            int sign = each.indexOf('=');
            String name = sign < 0 ? each : each.substring(0, sign);
            draft.parameter(name, sign < 0 ? "" : each.substring(sign + 1));
        }
        constraints.forEach(draft::constraint);
        if (apply != null) draft.apply(program(apply));
        if (target != null) {
            if (apply != null)
                throw UserException.badInput(
                        "--apply and --target exclude each other", "one would undo the other", "Leave one out");
            draft.target(target);
        }
        if (strategy != null && strategy.startsWith(SCRIPT)) draft.strategyScript(script(strategy));
        else if (strategy != null) draft.strategy(strategy);
        if (budget != null) draft.budget(budget);
        if (time != null) draft.time(duration("--time", time));
        if (seed != null) draft.seed(seed);
        if (repeats != null) draft.repeats(repeats);
        if (settle != null) draft.settle(duration("--settle", settle));
        if (objectiveTimeout != null) draft.objectiveTimeout(duration("--objective-timeout", objectiveTimeout));
        if (isolation != null) draft.isolation(isolation);
        machines.forEach(draft::machine);
        return draft.build();
    }

    private static Program program(String text) {
        return text.startsWith(SCRIPT) ? new Program.Script(script(text)) : new Program.Command(text);
    }

    private static Path script(String text) {
        return Invocation.current().folder().resolve(text.substring(SCRIPT.length()));
    }

    private static Duration duration(String option, String text) {
        return Quantity.parseDuration(text)
                .orElseThrow(() -> UserException.badInput(
                        option + " is '" + text + "'", "it must be " + Quantity.DURATION_FORM, "Write it like '10m'"));
    }

    private int tune(Tuning tuning) throws InterruptedException {
        Console console = root.console();
        if (applyBest && !tuning.canKeep())
            throw UserException.badInput(
                    "--apply-best has nothing to apply with",
                    "the objective takes its values itself",
                    "Add --apply 'COMMAND' or --target NAME, or leave it out");
        TuningResult result;
        try (var progress = new Progress(console)) {
            result = tuning.run(new Live(console, progress, tuning.notes()));
        } catch (InterruptedException e) {
            console.err()
                    .println("understudy: interrupted; what was set before is set again. Go on with: "
                            + root.commandPrefix() + " tune --resume " + tuning.id());
            throw e;
        }
        boolean applied = applyBest && result.verdict() instanceof Verdict.Improved;
        if (applied && result.verdict() instanceof Verdict.Improved improved) tuning.keep(improved.candidate());
        var view = new TuneView(tuning, result);
        if (json) Json.print(console, view.json(applied));
        else view.print(console, applied);
        if (html != null) write(html, TunePage.of(tuning, result));
        return ExitCode.DONE;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw UserException.failed(
                    "The page " + Invocation.current().typed(file) + " cannot be written",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Name a file in a folder that exists and is yours");
        }
    }

    private int list(TuningService service) throws InterruptedException {
        Console console = root.console();
        List<SessionSummary> sessions = service.list();
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("sessions");
            for (SessionSummary each : sessions) array.add(HostShape.json(each));
            Json.print(console, object);
        } else if (sessions.isEmpty()) {
            console.out().println("Nothing was tuned yet. 'tune --help' shows how to begin.");
        } else {
            var table = new Table(
                    Table.Column.right("session"),
                    Table.Column.left("begun"),
                    Table.Column.wrapped("objective"),
                    Table.Column.right("trials"),
                    Table.Column.left("state"),
                    Table.Column.wrapped("verdict"));
            for (SessionSummary each : sessions)
                table.row(
                        each.id(),
                        each.created().toString().substring(0, 16).replace('T', ' '),
                        each.purpose(),
                        each.trials() + "/" + each.budget(),
                        each.state().name().toLowerCase(Locale.ROOT),
                        each.verdict());
            table.print(console, "");
        }
        return ExitCode.DONE;
    }

    /** What goes on, on one line of a terminal. */
    private record Live(Console console, Progress progress, List<String> notes) implements TuningListener {
        @Override
        public void ended(TrialRecord trial) {
            if (trial.phase() != Phase.DEFAULT || trial.failed()) return;
            progress.close();
            for (String note : notes) console.err().println("understudy: " + Console.printable(note));
        }

        @Override
        public void progress(TuningStatus status) {
            var line = new StringBuilder("Trial ")
                    .append(status.done() + 1)
                    .append(" of ")
                    .append(status.budget())
                    .append(
                            switch (status.phase()) {
                                case DEFAULT -> ", the default";
                                case SEARCH -> "";
                                case HEAT -> ", the best few again";
                                case RACE -> ", race against the default";
                                case LAST -> ", the default again";
                            });
            status.defaultValue().ifPresent(value -> line.append(" · default ").append(TuneView.figure(value)));
            status.bestValue().ifPresent(value -> line.append(" · best ").append(TuneView.figure(value)));
            status.left()
                    .ifPresent(left ->
                            line.append(" · ").append(Quantities.duration(left)).append(" left"));
            progress.step(line.toString());
        }
    }
}
