package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Change;
import dev.understudy.spi.performance.Recommendation.Grade;
import dev.understudy.spi.performance.Recommendation.Objective;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.pf4j.Extension;

/**
 * Steps that do the same work again: a cache of their results, {@value #ENTRIES} entries for an hour each.
 *
 * <p>Two steps of one name with equal attributes did the same work. The cache is run over the recorded executions in the
 * order of time, least recently used entries leaving first, and the executions are replayed with the hits at no cost.
 * What changes something is never cached, as far as its attributes tell.
 */
@Extension
public final class Caching implements RecommendationRule {
    private static final Duration TIME_TO_LIVE = Duration.ofHours(1);
    private static final int ENTRIES = 1000;
    private static final int MIN_EXECUTIONS = 3;
    private static final double MIN_PERCENT = 5;

    @Override
    public String name() {
        return "caching";
    }

    @Override
    public int priority() {
        return 8;
    }

    @Override
    public List<Recommendation> evaluate(WorkflowHistory history, List<Bottleneck> bottlenecks, Thresholds thresholds) {
        if (history.executions().size() < MIN_EXECUTIONS) return List.of();
        var found = new ArrayList<Recommendation>();
        for (StepTimes step : StepTimes.of(history)) {
            Set<StepExecution> hits = hits(history, step.step());
            if (hits.isEmpty()) continue;
            double[] before = new double[history.executions().size()];
            double[] after = new double[before.length];
            for (int i = 0; i < before.length; i++) {
                var replay = new Replay(history.executions().get(i));
                before[i] = replay.recordedMillis();
                after[i] =
                        Math.min(before[i], replay.millisWith(each -> hits.contains(each) ? 0 : each.durationMillis()));
            }
            Interval gain = Gain.percent(before, after);
            if (gain.estimate() >= MIN_PERCENT)
                found.add(recommendation(history, step, hits.size(), gain, before, after));
        }
        found.sort(Comparator.comparingDouble(
                        (Recommendation each) -> each.expectedImprovement().estimate())
                .reversed());
        return List.copyOf(found);
    }

    private Recommendation recommendation(
            WorkflowHistory history, StepTimes step, int hits, Interval gain, double[] before, double[] after) {
        double rate = hits / (double) step.count();
        var evidence = new LinkedHashMap<String, Double>();
        evidence.put("hit_rate_percent", 100 * rate);
        evidence.put("hits", (double) hits);
        evidence.put("step_executions", (double) step.count());
        evidence.put("mean_ms", Statistics.mean(before));
        evidence.put("mean_ms_with_cache", Statistics.mean(after));
        var arguments = new LinkedHashMap<String, Object>();
        arguments.put("step", step.step());
        arguments.put("cache_ttl", TIME_TO_LIVE.toSeconds());
        arguments.put("cache_size", ENTRIES);
        return new Recommendation(
                name() + ":" + history.workflow() + ":" + step.step(),
                name(),
                history.workflow(),
                name(),
                "Keep the results of " + step.step() + " for an hour: " + Text.percent(rate) + " of its "
                        + step.count() + " executions repeated one with equal inputs. An execution would take "
                        + Text.millis(Statistics.mean(after)) + " in place of " + Text.millis(Statistics.mean(before))
                        + ".",
                gain,
                Objective.EXECUTION_TIME,
                Grade.LOW,
                Grade.MEDIUM,
                List.of(new Change("cache_results", arguments)),
                evidence);
    }

    /** The step executions that a cache would have answered. */
    private static Set<StepExecution> hits(WorkflowHistory history, String step) {
        var steps = new ArrayList<StepExecution>();
        for (WorkflowExecution execution : history.executions())
            for (StepExecution each : execution.steps())
                if (each.name().equals(step) && cacheable(each)) steps.add(each);
        steps.sort(Comparator.comparing(StepExecution::start));
        var cache = new LinkedHashMap<Map<String, String>, Instant>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Map<String, String>, Instant> eldest) {
                return size() > ENTRIES;
            }
        };
        // Equal steps are different executions, so they are told apart by identity.
        Set<StepExecution> hits = Collections.newSetFromMap(new IdentityHashMap<>());
        for (StepExecution each : steps) {
            Instant stored = cache.get(each.attributes());
            if (stored != null && !each.start().isBefore(stored) && each.start().isBefore(stored.plus(TIME_TO_LIVE)))
                hits.add(each);
            else if (each.state() == ExecutionState.SUCCEEDED) cache.put(each.attributes(), each.end());
        }
        return hits;
    }

    private static boolean cacheable(StepExecution step) {
        if (step.attributes().isEmpty()) return false;
        for (Map.Entry<String, String> attribute : step.attributes().entrySet()) {
            String value = attribute.getValue().strip().toUpperCase(Locale.ROOT);
            boolean changes = switch (attribute.getKey()) {
                case "http.method", "http.request.method" -> !value.equals("GET") && !value.equals("HEAD");
                case "db.operation", "db.operation.name", "db.statement", "db.query.text" ->
                    !value.startsWith("SELECT");
                case "messaging.operation", "messaging.operation.type" -> true;
                default -> false;
            };
            if (changes) return false;
        }
        return true;
    }
}
