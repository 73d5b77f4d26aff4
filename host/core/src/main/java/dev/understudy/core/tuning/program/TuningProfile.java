package dev.understudy.core.tuning.program;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.Direction;
import dev.understudy.core.tuning.TuningPlan;
import dev.understudy.sandbox.control.IsolationLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * All that a person says of a session, on the command line or in a profile file.
 *
 * @param objective what is measured
 * @param metric where its figure stands: a JSON pointer, a regular expression, or empty for how long a command takes in seconds
 * @param direction which figures are better
 * @param parameters as written, by name, in order; a target's parameter may be empty, which leaves its values to the target
 * @param constraints as written
 * @param apply what puts values in force; empty where the objective takes them, or a target does
 * @param target name of the parameter target that puts values in force; empty if none does
 * @param strategy its name
 * @param strategyScript a script that is the strategy in place of a named one
 * @param budget trials in all
 * @param time after which no more is tried
 * @param seed makes it repeatable
 * @param repeats measurements of each trial
 * @param settle how long values take to have effect
 * @param objectiveTimeout after which a measurement counts as failed; for commands
 * @param isolation of scripts in place of their own; empty for their own
 * @param directory where commands run; absolute
 * @param machines where it is measured, as written: commands that start another on a machine; empty for this machine alone
 */
public record TuningProfile(
        Program objective,
        String metric,
        Direction direction,
        Map<String, String> parameters,
        List<String> constraints,
        Optional<Program> apply,
        String target,
        String strategy,
        Optional<Path> strategyScript,
        int budget,
        Duration time,
        long seed,
        int repeats,
        Duration settle,
        Duration objectiveTimeout,
        Optional<IsolationLevel> isolation,
        Path directory,
        List<String> machines) {

    public static final String DEFAULT_STRATEGY = "ADAPTIVE";
    public static final Duration DEFAULT_TIME = Duration.ofHours(1);
    public static final Duration DEFAULT_OBJECTIVE_TIMEOUT = Duration.ofMinutes(1);
    static final int MAX_BUDGET = 10_000;
    static final int MAX_REPEATS = 1000;
    static final Duration LONGEST = Duration.ofDays(30);

    /** A person's command or script. */
    public sealed interface Program {
        /** A command as written. */
        record Command(String text) implements Program {}

        /** A script with an automation's metadata, run in the sandbox; absolute. */
        record Script(Path file) implements Program {}
    }

    public TuningProfile {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        constraints = List.copyOf(constraints);
        machines = List.copyOf(machines);
        require(
                !parameters.isEmpty(),
                "There is nothing to tune",
                "no parameter was named",
                "Add --param name=int:1..64");
        require(
                apply.isEmpty() || target.isEmpty(),
                "Both a command and a target are to apply the values",
                "one of them would undo the other",
                "Leave out --apply or --target");
        inRange("The budget", budget, TuningPlan.MIN_BUDGET, MAX_BUDGET);
        checkMachines(machines, objective, apply, target, budget);
        inRange("The number of repeats", repeats, 1, MAX_REPEATS);
        inRange("The time", time);
        inRange("The objective's timeout", objectiveTimeout);
        require(
                !settle.isNegative() && settle.compareTo(LONGEST) < 0,
                "The time to settle is " + settle,
                "it must not be negative",
                "Write it like '2s'");
    }

    private static void checkMachines(
            List<String> machines, Program objective, Optional<Program> apply, String target, int budget) {
        if (machines.isEmpty()) return;
        List<String> texts =
                machines.stream().map(HostCommand::parse).map(HostCommand::text).toList();
        for (int i = 0; i < texts.size(); i++)
            require(
                    texts.indexOf(texts.get(i)) == i,
                    "The machine '" + texts.get(i) + "' is named twice",
                    "a promise counts on how many machines it was measured",
                    "Leave one out");
        require(
                objective instanceof Program.Command
                        && apply.filter(Program.Script.class::isInstance).isEmpty()
                        && target.isEmpty(),
                "Scripts and targets work on this machine only",
                "the machines that were named are reached by commands",
                "Write commands for the objective and for what applies values, or leave the machines out");
        int least = TuningPlan.minBudget(machines.size());
        require(
                budget >= least,
                "The budget is " + budget,
                machines.size() + " machines want at least " + least + " trials",
                "Write --budget " + least + ", or name fewer machines");
    }

    private static void inRange(String what, int value, int min, int max) {
        require(
                value >= min && value <= max,
                what + " is " + value,
                "it must be from " + min + " to " + max,
                min > 1 ? "Below that nothing is left to search with beside the race" : "Write another number");
    }

    private static void inRange(String what, Duration value) {
        require(
                value.isPositive() && value.compareTo(LONGEST) <= 0,
                what + " is " + value,
                "it must be positive and at most 30 days",
                "Write it like '10m'");
    }

    private static void require(boolean holds, String what, String why, String mend) {
        if (!holds) throw UserException.badInput(what, why, mend);
    }

    /** Where it is measured; this machine if none was named. */
    List<HostCommand> hosts() {
        return machines.isEmpty()
                ? List.of(HostCommand.here())
                : machines.stream().map(HostCommand::parse).toList();
    }

    /** What is tuned, for people. */
    public String purpose() {
        return switch (objective) {
            case Program.Command command -> command.text();
            case Program.Script script -> script.file().getFileName().toString();
        };
    }

    /** The same as a profile file says it. */
    Map<String, Object> asMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("objective", program(objective));
        if (!metric.isEmpty()) map.put("metric", metric);
        map.put("direction", direction.name().toLowerCase(Locale.ROOT));
        map.put("parameters", parameters);
        if (!constraints.isEmpty()) map.put("constraints", constraints);
        apply.ifPresent(program -> map.put("apply", program(program)));
        if (!target.isEmpty()) map.put("target", target);
        map.put("strategy", strategyScript.isPresent() ? script(strategyScript.get()) : strategy);
        map.put("budget", budget);
        map.put("time", time.toMillis() + "ms");
        map.put("seed", seed);
        map.put("repeats", repeats);
        map.put("settle", settle.toMillis() + "ms");
        map.put("objective_timeout", objectiveTimeout.toMillis() + "ms");
        isolation.ifPresent(level -> map.put("isolation", level.id()));
        map.put("directory", directory.toString());
        if (!machines.isEmpty()) map.put("machines", machines);
        return map;
    }

    private static Object program(Program program) {
        return switch (program) {
            case Program.Command command -> command.text();
            case Program.Script script -> script(script.file());
        };
    }

    private static Map<String, String> script(Path file) {
        return Map.of("script", file.toString());
    }
}
