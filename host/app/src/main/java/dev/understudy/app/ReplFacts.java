package dev.understudy.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.app.shape.AutomationShape;
import dev.understudy.app.shape.HostShape;
import dev.understudy.app.shape.PatternShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.LoggedRun;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.system.SystemWatch;
import dev.understudy.sandbox.control.cells.SessionFacts;
import dev.understudy.spi.Task;
import dev.understudy.spi.performance.PerformanceMetric;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the object {@code understudy} has in a person's session: what the commands of the same names list with {@code --json},
 * as it is at that moment. Closed with the session.
 */
final class ReplFacts implements SessionFacts, AutoCloseable {
    /** Of tasks, runs and metrics: the newest. */
    private static final int MOST = 1000;

    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Understudy understudy;
    private @Nullable SystemWatch watch;

    ReplFacts(Understudy understudy) {
        this.understudy = understudy;
    }

    @Override
    public Optional<String> json(String name) {
        return switch (name) {
            case "tasks" -> list(newest(understudy.history().tasks()).map(ReplFacts::json));
            case "patterns" -> list(understudy.patterns().stream().map(PatternShape::json));
            case "automations" ->
                list(understudy.automations().list().stream()
                        .map(each -> AutomationShape.json(
                                AutomationShape.Listed.of(understudy.automations(), understudy.executor(), each))));
            case "runs" ->
                list(understudy.automations().runs().log().latest(MOST, _ -> true).stream()
                        .map(ReplFacts::json));
            case "metrics" -> list(metrics().map(ReplFacts::json));
            case "workload" -> Optional.of(workload().toString());
            case "tuning" -> tuning();
            case "plugins" -> list(understudy.plugins().list().stream().map(HostShape::json));
            default -> Optional.empty();
        };
    }

    private Optional<String> tuning() {
        try {
            return list(understudy.tuning().list().stream().map(HostShape::json));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<String> list(Stream<? extends JsonNode> all) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        all.forEach(list::add);
        return Optional.of(list.toString());
    }

    private static <T> Stream<T> newest(List<T> all) {
        return all.stream().skip(Math.max(0, all.size() - MOST));
    }

    static JsonNode json(Task task) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("task_id", task.id())
                .put("task_type", task.type())
                .put("description", task.description());
        json.set("parameters", Json.MAPPER.valueToTree(task.parameters()));
        return json.put("timestamp", task.timestamp().toString())
                .put("duration_ms", task.duration().toMillis())
                .put("success", task.success());
    }

    private static JsonNode json(LoggedRun run) {
        var json = HostShape.json(run);
        json.put("file", run.file().orElse(null));
        json.set("parameters", Json.MAPPER.valueToTree(run.parameters()));
        return json;
    }

    private Stream<PerformanceMetric> metrics() {
        PerformanceHistory history = understudy.performance();
        Instant now = Instant.now();
        return newest(history.processes().stream()
                .flatMap(process -> history.metrics(process, Instant.EPOCH, now).stream())
                .sorted(java.util.Comparator.comparing(PerformanceMetric::timestamp))
                .toList());
    }

    private static JsonNode json(PerformanceMetric metric) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("process", metric.processName())
                .put("timestamp", metric.timestamp().toString())
                .put("duration_ms", metric.duration().toMillis())
                .put("cpu_percent", metric.cpuUsage())
                .put("memory_percent", metric.memoryUsage())
                .put("success", metric.success());
    }

    /** Since it was asked for first; null where the machine cannot be sampled. */
    private JsonNode workload() {
        try {
            SystemWatch system = watch;
            if (system == null) {
                system = understudy.watchSystem(_ -> {});
                watch = system;
                system.start();
            }
            if (!system.awaitFirst(PATIENCE)) return JsonNodeFactory.instance.nullNode();
            SystemWatch looked = system;
            return looked.estimate()
                    .flatMap(estimate -> looked.average(SystemWatch.WINDOW)
                            .<JsonNode>map(average -> WorkloadView.json(estimate, average)))
                    .orElseGet(JsonNodeFactory.instance::nullNode);
        } catch (UserException _) {
            return JsonNodeFactory.instance.nullNode();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return JsonNodeFactory.instance.nullNode();
        }
    }

    @Override
    public void close() {
        if (watch != null) watch.close();
    }
}
