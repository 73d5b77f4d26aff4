package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Bottleneck;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Steps that ran one after the other and need not: up to {@value #MAX_AT_ONCE} of them side by side.
 *
 * <p>That two steps do not depend on one another is known where the record has them in either order or overlapping; where
 * they always came in one order it is only possible, and the risk says so. What it would bring is a {@link Replay} of the
 * executions in which the chosen steps no longer wait for one another.
 */
@Extension
public final class Parallelization implements RecommendationRule {
    private static final int MAX_AT_ONCE = 3;
    private static final int MIN_EXECUTIONS = 3;
    private static final double MIN_PERCENT = 5;

    /** Two step names in the order of the alphabet. */
    private record Pair(String one, String other) {
        static Pair of(String a, String b) {
            return a.compareTo(b) < 0 ? new Pair(a, b) : new Pair(b, a);
        }
    }

    private enum Seen {
        IN_ONE_ORDER,
        INDEPENDENT
    }

    @Override
    public String name() {
        return "parallelization";
    }

    @Override
    public int priority() {
        return 9;
    }

    @Override
    public List<Recommendation> evaluate(WorkflowHistory history, List<Bottleneck> bottlenecks, Thresholds thresholds) {
        if (history.executions().size() < MIN_EXECUTIONS) return List.of();
        Map<Pair, Seen> pairs = pairs(history);
        List<String> candidates = candidates(history, bottlenecks);
        Recommendation sure = recommendation(history, candidates, pairs, true);
        if (sure != null) return List.of(sure);
        Recommendation possible = recommendation(history, candidates, pairs, false);
        return possible == null ? List.of() : List.of(possible);
    }

    /** The steps that hold the workflow up, then the rest, longest first. */
    private static List<String> candidates(WorkflowHistory history, List<Bottleneck> bottlenecks) {
        Set<String> names = new LinkedHashSet<>();
        for (Bottleneck bottleneck : bottlenecks) names.add(bottleneck.step());
        StepTimes.of(history).stream()
                .sorted(Comparator.comparingDouble(StepTimes::meanMillis).reversed())
                .map(StepTimes::step)
                .forEach(names::add);
        return List.copyOf(names);
    }

    private static Map<Pair, Seen> pairs(WorkflowHistory history) {
        Map<Pair, Set<String>> firsts = new LinkedHashMap<>();
        Map<Pair, Seen> pairs = new LinkedHashMap<>();
        for (WorkflowExecution execution : history.executions()) {
            List<StepExecution> steps = execution.steps();
            for (int i = 0; i < steps.size(); i++)
                for (int j = i + 1; j < steps.size(); j++) {
                    StepExecution first = steps.get(i);
                    StepExecution second = steps.get(j);
                    if (first.name().equals(second.name())) continue;
                    Pair pair = Pair.of(first.name(), second.name());
                    Set<String> seenFirst = firsts.computeIfAbsent(pair, _ -> new LinkedHashSet<>());
                    seenFirst.add(first.name());
                    boolean overlap = second.start().isBefore(first.end());
                    boolean independent = overlap || seenFirst.size() > 1;
                    pairs.merge(
                            pair,
                            independent ? Seen.INDEPENDENT : Seen.IN_ONE_ORDER,
                            (a, b) -> a == Seen.INDEPENDENT ? a : b);
                }
        }
        return pairs;
    }

    private @Nullable Recommendation recommendation(
            WorkflowHistory history, List<String> candidates, Map<Pair, Seen> pairs, boolean sureOnly) {
        Set<String> chosen = new LinkedHashSet<>();
        for (String candidate : candidates) {
            if (chosen.size() == MAX_AT_ONCE) break;
            boolean fits = chosen.stream().allMatch(other -> {
                Seen seen = pairs.get(Pair.of(candidate, other));
                return seen == Seen.INDEPENDENT
                        || (!sureOnly && seen != null && !shareInput(history, candidate, other));
            });
            if (fits) chosen.add(candidate);
        }
        if (chosen.size() < 2) return null;
        double[] before = new double[history.executions().size()];
        double[] after = new double[before.length];
        for (int i = 0; i < before.length; i++) {
            var replay = new Replay(history.executions().get(i));
            before[i] = replay.recordedMillis();
            after[i] = Math.min(
                    before[i],
                    replay.millisWith(
                            StepExecution::durationMillis,
                            (first, second) -> !(chosen.contains(first.name())
                                    && chosen.contains(second.name())
                                    && !first.name().equals(second.name()))));
        }
        Interval gain = Gain.percent(before, after);
        if (gain.estimate() < MIN_PERCENT) return null;
        String steps = String.join(", ", chosen);
        var evidence = new LinkedHashMap<String, Double>();
        evidence.put("executions", (double) before.length);
        evidence.put("mean_ms", Statistics.mean(before));
        evidence.put("mean_ms_in_parallel", Statistics.mean(after));
        var arguments = new LinkedHashMap<String, Object>();
        arguments.put("steps", List.copyOf(chosen));
        arguments.put("max_at_once", MAX_AT_ONCE);
        return new Recommendation(
                name() + ":" + history.workflow() + ":"
                        + chosen.stream().sorted().collect(Collectors.joining("+")),
                name(),
                history.workflow(),
                name(),
                "Run " + steps + " side by side: an execution would take " + Text.millis(Statistics.mean(after))
                        + " in place of " + Text.millis(Statistics.mean(before))
                        + (sureOnly
                                ? ". The record has them in either order or overlapping, so none waits for the other."
                                : ". The record has them in one order only: make sure that none needs what another makes."),
                gain,
                Objective.EXECUTION_TIME,
                Grade.MEDIUM,
                sureOnly ? Grade.LOW : Grade.HIGH,
                List.of(new Change("create_parallel_container", arguments)),
                evidence);
    }

    /** Whether the two name the same thing in their attributes, which hints that one uses what the other makes. */
    private static boolean shareInput(WorkflowHistory history, String one, String other) {
        for (WorkflowExecution execution : history.executions()) {
            var values = new ArrayList<String>();
            for (StepExecution step : execution.steps())
                if (step.name().equals(one)) values.addAll(step.attributes().values());
            for (StepExecution step : execution.steps())
                if (step.name().equals(other)
                        && step.attributes().values().stream().anyMatch(values::contains)) return true;
        }
        return false;
    }
}
