package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "results",
        description = {
            "List what looking for settings has found so far, the latest first.",
            "A score is from 0 to 100 and says how much work was done against before, less the time that",
            "was stalled; where the profile names an objective, it is that figure."
        })
final class OptimizationsCommand implements Callable<Integer> {
    @ParentCommand
    WorkloadCommand workload;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many at most (default: ${DEFAULT-VALUE}).")
    int limit;

    @Option(names = "--json", description = "Print JSON, with every measurement.")
    boolean json;

    @Override
    public Integer call() {
        if (limit < 1) throw UserException.badInput("--limit is " + limit, "it counts results", "Give at least 1");
        Console console = workload.root.console();
        List<ObjectNode> results;
        try (Understudy understudy = workload.root.open()) {
            results = understudy.optimizationResults().latest(limit);
        }
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            object.putArray("results").addAll(results);
            Json.print(console, object);
        } else if (results.isEmpty()) console.out().println("Nothing has been looked for.");
        else print(console, results);
        return ExitCode.DONE;
    }

    private static void print(Console console, List<ObjectNode> results) {
        var table = new Table(
                Table.Column.left("began"),
                Table.Column.left("workload"),
                Table.Column.right("took"),
                Table.Column.right("measured"),
                Table.Column.right("score"),
                Table.Column.wrapped("found"));
        for (ObjectNode each : results)
            table.row(
                    each.path("started_at").asText().replaceAll("\\..*Z$", "Z"),
                    each.path("workload").asText(),
                    Quantities.duration(
                            Duration.ofMillis(each.path("duration_ms").asLong())),
                    each.path("measured").path("evaluations").size(),
                    each.has("measured") ? score(each, "score_before") + " -> " + score(each, "best_score") : "-",
                    each.path("summary").asText());
        table.print(console, "");
    }

    /** To four digits: a person's own objective may be of any size. */
    private static String score(ObjectNode result, String key) {
        return BigDecimal.valueOf(result.path("measured").path(key).asDouble())
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
    }
}
