package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Change;
import dev.understudy.spi.performance.Recommendation.Grade;
import dev.understudy.spi.performance.Recommendation.Objective;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pf4j.Extension;

/**
 * Steps that fail: try again where a failure is mostly followed by a success, stop trying where failures come in rows, and
 * give up in time where what takes very long fails in the end anyway. Where too much fails and none of these would help, the
 * cause is to be found. Executions that fail without a step that did are judged as a whole.
 *
 * <p>How often a second try succeeds is taken from the record: the share of failures of the step after which its next
 * execution succeeded.
 */
@Extension
public final class Reliability implements RecommendationRule {
    private static final int MIN_FAILURES = 3;
    private static final double MIN_SUCCESS_AFTER_FAILURE = 0.5;
    private static final int ROW = 3;
    private static final double MIN_PERCENT = 5;
    private static final int EXAMPLES = 5;

    @Override
    public String name() {
        return "reliability";
    }

    @Override
    public int priority() {
        return 6;
    }

    @Override
    public List<Recommendation> evaluate(WorkflowHistory history, List<Bottleneck> bottlenecks, Thresholds thresholds) {
        WorkflowHistory judged = failsAsAWhole(history) ? whole(history) : history;
        var found = new ArrayList<Recommendation>();
        for (StepTimes step : StepTimes.of(judged)) {
            List<Execution> executions = executions(judged, step.step());
            long failures = executions.stream().filter(Execution::failed).count();
            if (failures < MIN_FAILURES) continue;
            int before = found.size();
            retry(judged, step.step(), executions, failures, found);
            circuitBreaker(judged, step.step(), executions, found);
            timeout(judged, step.step(), executions, found);
            if (found.size() == before) findCause(judged, step.step(), executions, thresholds, found);
        }
        return List.copyOf(found);
    }

    /** Whether executions failed, and mostly none of their steps did. */
    private static boolean failsAsAWhole(WorkflowHistory history) {
        List<WorkflowExecution> failed = history.executions().stream()
                .filter(each -> each.state() == ExecutionState.FAILED)
                .toList();
        long withoutStep = failed.stream()
                .filter(each -> each.steps().stream().noneMatch(step -> step.state() == ExecutionState.FAILED))
                .count();
        return withoutStep > failed.size() / 2;
    }

    /** The same executions with one step each, which is all of it. */
    private static WorkflowHistory whole(WorkflowHistory history) {
        return new WorkflowHistory(
                history.workflow(),
                history.executions().stream()
                        .map(each -> new WorkflowExecution(
                                each.id(),
                                each.workflow(),
                                each.start(),
                                each.end(),
                                each.state(),
                                List.of(new StepExecution(
                                        history.workflow(),
                                        each.start(),
                                        each.end(),
                                        each.state(),
                                        Map.of(),
                                        ResourceUse.UNKNOWN))))
                        .toList());
    }

    /** Nothing that can be computed would help: what is expected is what it would take to reach the configured rate. */
    private void findCause(
            WorkflowHistory history,
            String step,
            List<Execution> executions,
            Thresholds thresholds,
            List<Recommendation> found) {
        double[] before =
                executions.stream().mapToDouble(each -> each.failed() ? 1 : 0).toArray();
        double failing = Statistics.mean(before);
        double allowed = 1 - thresholds.minSuccessRate();
        if (failing <= allowed) return;
        double[] after =
                Arrays.stream(before).map(each -> each * allowed / failing).toArray();
        var evidence = new LinkedHashMap<String, Double>();
        evidence.put("failures", Arrays.stream(before).sum());
        evidence.put("executions", (double) before.length);
        evidence.put("success_rate_percent", 100 * (1 - failing));
        var arguments = new LinkedHashMap<String, Object>();
        arguments.put("step", step);
        arguments.put(
                "failed_executions",
                executions.stream()
                        .filter(Execution::failed)
                        .map(each -> history.executions().get(each.whole()).id())
                        .distinct()
                        .toList()
                        .reversed()
                        .stream()
                        .limit(EXAMPLES)
                        .toList());
        found.add(recommendation(
                history,
                step,
                "find_cause",
                step + " failed " + (int) evidence.get("failures").doubleValue() + " times of " + before.length
                        + ", and neither trying again nor giving up earlier would help: find the cause. "
                        + Text.percent(1 - failing) + " succeed; "
                        + Text.percent(thresholds.minSuccessRate()) + " should.",
                Gain.percent(before, after),
                Objective.ERROR_RATE,
                Grade.LOW,
                arguments,
                evidence));
    }

    /** A step's execution with the workflow's execution that it belongs to. */
    private record Execution(StepExecution step, int whole) {
        boolean failed() {
            return step.state() == ExecutionState.FAILED;
        }
    }

    private static List<Execution> executions(WorkflowHistory history, String name) {
        var executions = new ArrayList<Execution>();
        for (int i = 0; i < history.executions().size(); i++)
            for (StepExecution step : history.executions().get(i).steps())
                if (step.name().equals(name)) executions.add(new Execution(step, i));
        return executions;
    }

    private void retry(
            WorkflowHistory history,
            String step,
            List<Execution> executions,
            long failures,
            List<Recommendation> found) {
        int followed = 0;
        int mended = 0;
        for (int i = 0; i + 1 < executions.size(); i++) {
            if (!executions.get(i).failed()) continue;
            followed++;
            if (!executions.get(i + 1).failed()) mended++;
        }
        if (followed < MIN_FAILURES) return;
        double success = mended / (double) followed;
        if (success < MIN_SUCCESS_AFTER_FAILURE) return;
        double[] before = new double[history.executions().size()];
        for (int i = 0; i < before.length; i++)
            before[i] = history.executions().get(i).state() == ExecutionState.FAILED ? 1 : 0;
        double[] after = before.clone();
        for (Execution each : executions)
            if (each.failed()) after[each.whole()] = Math.min(after[each.whole()], 1 - success);
        if (Arrays.stream(before).sum() == 0) return;
        Interval gain = Gain.percent(before, after);
        if (gain.estimate() < MIN_PERCENT) return;
        var evidence = new LinkedHashMap<String, Double>();
        evidence.put("failures", (double) failures);
        evidence.put("executions", (double) executions.size());
        evidence.put("success_after_failure_percent", 100 * success);
        var arguments = new LinkedHashMap<String, Object>();
        arguments.put("step", step);
        arguments.put("attempts", 2);
        arguments.put("backoff", "exponential with jitter");
        found.add(recommendation(
                history,
                step,
                "retry",
                step + " failed " + failures + " times of " + executions.size() + ", and " + Text.percent(success)
                        + " of the failures were followed by a success: try again once, after a pause.",
                gain,
                Objective.ERROR_RATE,
                Grade.LOW,
                arguments,
                evidence));
    }

    private void circuitBreaker(
            WorkflowHistory history, String step, List<Execution> executions, List<Recommendation> found) {
        int inRow = 0;
        int rows = 0;
        var needless = new ArrayList<StepExecution>();
        for (Execution each : executions) {
            inRow = each.failed() ? inRow + 1 : 0;
            if (inRow == ROW) rows++;
            if (inRow > ROW) needless.add(each.step());
        }
        if (rows == 0 || needless.isEmpty()) return;
        double[] before = new double[history.executions().size()];
        double[] after = new double[before.length];
        for (int i = 0; i < before.length; i++) {
            WorkflowExecution execution = history.executions().get(i);
            var replay = new Replay(execution);
            before[i] = replay.recordedMillis();
            after[i] = Math.min(
                    before[i],
                    replay.millisWith(each ->
                            needless.stream().anyMatch(other -> same(other, each)) ? 0 : each.durationMillis()));
        }
        Interval gain = Gain.percent(before, after);
        if (gain.estimate() < MIN_PERCENT) return;
        var evidence = new LinkedHashMap<String, Double>();
        evidence.put("rows_of_failures", (double) rows);
        evidence.put("needless_attempts", (double) needless.size());
        var arguments = new LinkedHashMap<String, Object>();
        arguments.put("step", step);
        arguments.put("failures_to_open", ROW);
        found.add(recommendation(
                history,
                step,
                "circuit_breaker",
                step + " failed " + ROW + " times or more in a row on " + rows + " occasions; " + needless.size()
                        + " attempts after the third were in vain: stop trying for a while.",
                gain,
                Objective.EXECUTION_TIME,
                Grade.MEDIUM,
                arguments,
                evidence));
    }

    /** The record gives the very objects, and equal ones did the same at the same time. */
    private static boolean same(StepExecution one, StepExecution other) {
        return one.equals(other);
    }

    private void timeout(WorkflowHistory history, String step, List<Execution> executions, List<Recommendation> found) {
        double longestSuccess = executions.stream()
                .filter(each -> !each.failed())
                .mapToDouble(each -> each.step().durationMillis())
                .max()
                .orElse(Double.NaN);
        if (Double.isNaN(longestSuccess)) return;
        double limit = 1.5 * longestSuccess;
        long late = executions.stream()
                .filter(each -> each.failed() && each.step().durationMillis() > limit)
                .count();
        if (late < MIN_FAILURES) return;
        double[] before = new double[history.executions().size()];
        double[] after = new double[before.length];
        for (int i = 0; i < before.length; i++) {
            var replay = new Replay(history.executions().get(i));
            before[i] = replay.recordedMillis();
            after[i] = Math.min(
                    before[i],
                    replay.millisWith(each ->
                            each.name().equals(step) ? Math.min(limit, each.durationMillis()) : each.durationMillis()));
        }
        Interval gain = Gain.percent(before, after);
        if (gain.estimate() < MIN_PERCENT) return;
        var evidence = new LinkedHashMap<String, Double>();
        evidence.put("longest_success_ms", longestSuccess);
        evidence.put("failures_later_than_that", (double) late);
        var arguments = new LinkedHashMap<String, Object>();
        arguments.put("step", step);
        arguments.put("timeout_ms", limit);
        found.add(recommendation(
                history,
                step,
                "timeout",
                "no success of " + step + " took longer than " + Text.millis(longestSuccess) + ", but " + late
                        + " failures did: give up after " + Text.millis(limit) + ".",
                gain,
                Objective.EXECUTION_TIME,
                Grade.LOW,
                arguments,
                evidence));
    }

    private Recommendation recommendation(
            WorkflowHistory history,
            String step,
            String type,
            String description,
            Interval gain,
            Objective objective,
            Grade risk,
            Map<String, Object> arguments,
            Map<String, Double> evidence) {
        return new Recommendation(
                name() + ":" + history.workflow() + ":" + step + ":" + type,
                name(),
                history.workflow(),
                type,
                description,
                gain,
                objective,
                Grade.LOW,
                risk,
                List.of(new Change(type, arguments)),
                evidence);
    }
}
