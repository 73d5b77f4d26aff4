package dev.understudy.core.tuning.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.Occasion;
import dev.understudy.core.automation.RunOrder;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.Objective;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.Condition;
import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.optimization.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Scripts with an automation's metadata as objective, as what applies values, and as strategy. Each run is one in the sandbox. */
final class Scripts {
    private final AutomationService automations;
    private final Optional<IsolationLevel> isolation;
    private final Path directory;

    Scripts(AutomationService automations, Optional<IsolationLevel> isolation, Path directory) {
        this.automations = automations;
        this.isolation = isolation;
        this.directory = directory;
    }

    private RunReport run(Path file, Map<String, String> parameters) throws InterruptedException {
        var order = new RunOrder(
                parameters, RunRequest.Mode.COMMIT, isolation, directory, RunListener.SILENT, Occasion.PERSON);
        return automations.runs().startFile(file, order).await();
    }

    /** Why a run did not succeed, a clause; empty if it did. */
    private static String problem(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Succeeded _ -> "";
            case RunOutcome.Failed failed -> failed.error();
            case RunOutcome.Refused refused -> refused.reason() + "; " + refused.mend();
            case RunOutcome.Cancelled _ -> "it was cancelled";
            case RunOutcome.LimitExceeded limit ->
                "it went over its limit of "
                        + limit.getClass()
                                .getSimpleName()
                                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                                .toLowerCase(Locale.ROOT);
        };
    }

    /** Measures by what a script returns: the value that the metric points to, else its {@code value}, else how long it took. */
    Objective objective(Path file, Metric metric, Setting setting) {
        if (metric instanceof Metric.Regex)
            throw UserException.badInput(
                    "The metric does not fit a script",
                    "a script returns its figure and prints nothing",
                    "Write a JSON pointer into what it returns, like /value");
        return (values, _) -> {
            RunReport report = run(file, setting.texts(values));
            String problem = problem(report.outcome());
            if (!problem.isEmpty() || !(report.outcome() instanceof RunOutcome.Succeeded succeeded))
                return new Objective.Failed(problem);
            JsonNode result = json(succeeded.resultJson());
            if (metric instanceof Metric.Pointer pointer) return pointer.in(result);
            return result.has("value")
                    ? Metric.figure(result.path("value").asText())
                    : new Objective.Measured(report.duration().toNanos() / 1e9);
        };
    }

    private static JsonNode json(String text) {
        try {
            return SessionJson.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the sandbox gives JSON", e);
        }
    }

    /** Puts values in force by a script. */
    ProgramTarget.Application application(Path file) {
        return values -> {
            String problem = problem(run(file, values).outcome());
            if (!problem.isEmpty()) throw new IOException(problem);
        };
    }

    /**
     * A script that is asked for each point: it is given {@code space}, {@code trials} and {@code seed} as JSON texts and returns
     * {@code {"values": {…}}}.
     */
    OptimizerStrategy strategy(Path file) {
        return new OptimizerStrategy() {
            @Override
            public String name() {
                return file.getFileName().toString();
            }

            @Override
            public String description() {
                return "A script of your own.";
            }

            @Override
            public Search start(SearchSpace space, RandomGenerator random) {
                return new ScriptSearch(file, space, random.nextLong(1L << 48));
            }
        };
    }

    private final class ScriptSearch implements OptimizerStrategy.Search {
        private final Path file;
        private final SearchSpace space;
        private final long seed;
        private final ArrayNode trials = SessionJson.MAPPER.createArrayNode();
        private boolean begun;

        ScriptSearch(Path file, SearchSpace space, long seed) {
            this.file = file;
            this.space = space;
            this.seed = seed;
        }

        @Override
        public Candidate ask() {
            if (!begun && space.current().isPresent()) {
                begun = true;
                return space.current().get();
            }
            var parameters = new LinkedHashMap<String, String>();
            parameters.put("space", SessionJson.text(spaceJson(space)));
            parameters.put("trials", trials.toString());
            parameters.put("seed", Long.toString(seed));
            try {
                RunOutcome outcome = run(file, parameters).outcome();
                String problem = problem(outcome);
                if (!(outcome instanceof RunOutcome.Succeeded succeeded)) throw broken(problem);
                return SessionJson.candidate(json(succeeded.resultJson()).path("values"), space, "script");
            } catch (IllegalArgumentException e) {
                throw broken(String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw broken("it was interrupted");
            }
        }

        private UserException broken(String why) {
            return UserException.failed(
                    "The strategy " + file + " proposed nothing that can be tried",
                    why,
                    "It must return {\"values\": {…}} with a value for each parameter that counts");
        }

        @Override
        public void tell(Trial trial) {
            ObjectNode told = trials.addObject();
            told.set("values", SessionJson.MAPPER.valueToTree(trial.candidate().values()));
            switch (trial.outcome()) {
                case Trial.Value value -> told.put("value", value.value());
                case Trial.Repeated repeated ->
                    told.put("value", repeated.mean())
                            .put("standardDeviation", repeated.standardDeviation())
                            .put("count", repeated.count());
                case Trial.Failed failed -> told.put("failure", failed.reason());
            }
        }
    }

    /** A space as a list of dimensions, each with its kind and values; lower figures of trials are better. */
    static ArrayNode spaceJson(SearchSpace space) {
        ArrayNode list = SessionJson.MAPPER.createArrayNode();
        for (Dimension dimension : space.dimensions()) {
            ObjectNode node = list.addObject().put("name", dimension.name());
            switch (dimension) {
                case Dimension.RealRange real -> {
                    node.put("kind", "real").put("low", real.low()).put("high", real.high());
                    node.put("scale", real.scale().name().toLowerCase(Locale.ROOT));
                    real.specialValues().forEach(node.putArray("specials")::add);
                }
                case Dimension.IntegerRange whole -> {
                    node.put("kind", "int").put("low", whole.low()).put("high", whole.high());
                    node.put("scale", whole.scale().name().toLowerCase(Locale.ROOT));
                    whole.specialValues().forEach(node.putArray("specials")::add);
                }
                case Dimension.Ordinal ordinal ->
                    ordinal.levels().forEach(node.put("kind", "ord").putArray("values")::add);
                case Dimension.Categorical categorical ->
                    categorical.choices().forEach(node.put("kind", "cat").putArray("values")::add);
                case Dimension.Flag _ -> node.put("kind", "bool");
            }
            Condition condition = space.conditions().get(dimension.name());
            if (condition == null) continue;
            ObjectNode only = node.putObject("if").put("parameter", condition.parent());
            only.set("values", SessionJson.MAPPER.valueToTree(condition.values()));
        }
        return list;
    }
}
