package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Change;
import dev.understudy.spi.performance.Recommendation.Grade;
import dev.understudy.spi.performance.Recommendation.Objective;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.pf4j.Extension;

/**
 * What a step is allotted against what it uses: more where it uses nearly all of its processor time or memory, less where it uses
 * little even in its busiest executions, and by demand where it does now this, now that.
 *
 * <p>More processor time shortens the part of a step that computes, which is the share that was measured (Amdahl, "Validity of
 * the Single Processor Approach to Achieving Large Scale Computing Capabilities", 1967); the executions are replayed with it. Less of anything
 * saves what was allotted beyond {@value #TARGET_PERCENT} % use.
 */
@Extension
public final class Resources implements RecommendationRule {
    private static final double TARGET_PERCENT = 70;
    private static final double IDLE_PERCENT = 40;
    private static final int MIN_EXECUTIONS = 5;
    private static final double MIN_PERCENT = 5;

    @Override
    public String name() {
        return "resources";
    }

    @Override
    public int priority() {
        return 7;
    }

    @Override
    public List<Recommendation> evaluate(WorkflowHistory history, List<Bottleneck> bottlenecks, Thresholds thresholds) {
        var found = new ArrayList<Recommendation>();
        for (StepTimes step : StepTimes.of(history)) {
            double[] cpu = measured(history, step.step(), ResourceUse::cpuPercent);
            double[] memory = measured(history, step.step(), ResourceUse::memoryPercent);
            if (cpu.length >= MIN_EXECUTIONS)
                evaluate(history, step.step(), "cpu", cpu, thresholds.cpuPercent(), found);
            if (memory.length >= MIN_EXECUTIONS)
                evaluate(history, step.step(), "memory", memory, thresholds.memoryPercent(), found);
        }
        return List.copyOf(found);
    }

    private static double[] measured(WorkflowHistory history, String step, ToDoubleFunction<ResourceUse> figure) {
        return history.executions().stream()
                .flatMap(execution -> execution.steps().stream())
                .filter(each -> each.name().equals(step))
                .map(StepExecution::use)
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .toArray();
    }

    private void evaluate(
            WorkflowHistory history,
            String step,
            String resource,
            double[] used,
            double scarce,
            List<Recommendation> found) {
        double[] sorted = used.clone();
        Arrays.sort(sorted);
        double median = Statistics.median(used);
        double p95 = sorted[(int) Math.min(sorted.length - 1.0, Math.floor(0.95 * sorted.length))];
        if (median > scarce && resource.equals("cpu")) scaleUp(history, step, median, found);
        else if (median > scarce) scaleUpMemory(history, step, used, median, p95, scarce, found);
        // To a process nothing is allotted that could be taken away.
        else if (history.isOfProcess()) return;
        else if (p95 < IDLE_PERCENT) scaleDown(history, step, resource, used, median, p95, found);
        else if (p95 > scarce && median < IDLE_PERCENT)
            scaleByDemand(history, step, resource, used, median, p95, found);
    }

    private void scaleUp(WorkflowHistory history, String step, double median, List<Recommendation> found) {
        double factor = median / TARGET_PERCENT;
        double[] before = new double[history.executions().size()];
        double[] after = new double[before.length];
        for (int i = 0; i < before.length; i++) {
            var replay = new Replay(history.executions().get(i));
            before[i] = replay.recordedMillis();
            after[i] = Math.min(before[i], replay.millisWith(each -> {
                if (!each.name().equals(step) || Double.isNaN(each.use().cpuPercent())) return each.durationMillis();
                double computing = Math.min(1, each.use().cpuPercent() / 100);
                return each.durationMillis() * (1 - computing * (1 - 1 / factor));
            }));
        }
        Interval gain = Gain.percent(before, after);
        if (gain.estimate() < MIN_PERCENT) return;
        var evidence = new LinkedHashMap<String, Double>();
        evidence.put("cpu_percent_median", median);
        evidence.put("mean_ms", Statistics.mean(before));
        evidence.put("mean_ms_scaled_up", Statistics.mean(after));
        found.add(recommendation(
                history,
                step,
                "scale_up",
                "cpu",
                factor,
                step + " uses " + Text.figure(median) + " % of its processor time: allot " + Text.figure(factor)
                        + " times as much. An execution would take " + Text.millis(Statistics.mean(after))
                        + " in place of " + Text.millis(Statistics.mean(before)) + ".",
                gain,
                Objective.EXECUTION_TIME,
                Grade.LOW,
                evidence));
    }

    /**
     * What memory runs out of, fails; how many executions that would be, no record tells. What can be said is how many come
     * near to it, and how many would with so much more.
     */
    private void scaleUpMemory(
            WorkflowHistory history,
            String step,
            double[] used,
            double median,
            double p95,
            double scarce,
            List<Recommendation> found) {
        double factor = p95 / TARGET_PERCENT;
        double[] before = new double[used.length];
        double[] after = new double[used.length];
        for (int i = 0; i < used.length; i++) {
            before[i] = used[i] > scarce ? 1 : 0;
            after[i] = used[i] / factor > scarce ? 1 : 0;
        }
        var evidence = new LinkedHashMap<String, Double>();
        evidence.put("memory_percent_median", median);
        evidence.put("memory_percent_p95", p95);
        found.add(recommendation(
                history,
                step,
                "scale_up",
                "memory",
                factor,
                step + " uses " + Text.figure(median) + " % of its memory, and " + Text.figure(p95)
                        + " % at times: allot " + Text.figure(factor)
                        + " times as much, before it runs out. Fewer executions would come near to it.",
                Gain.percent(before, after),
                Objective.RESOURCE_COST,
                Grade.LOW,
                evidence));
    }

    private void scaleDown(
            WorkflowHistory history,
            String step,
            String resource,
            double[] used,
            double median,
            double p95,
            List<Recommendation> found) {
        double factor = Math.max(0.01, p95 / TARGET_PERCENT);
        double[] allotted = new double[used.length];
        double[] needed = new double[used.length];
        for (int i = 0; i < used.length; i++) {
            allotted[i] = 100;
            needed[i] = Math.min(100, Math.max(100 * factor, used[i]));
        }
        var evidence = new LinkedHashMap<String, Double>();
        evidence.put(resource + "_percent_median", median);
        evidence.put(resource + "_percent_p95", p95);
        found.add(recommendation(
                history,
                step,
                "scale_down",
                resource,
                factor,
                step + " uses no more than " + Text.figure(p95) + " % of its " + word(resource)
                        + " in 19 of 20 executions: allot " + Text.percent(factor) + " of it.",
                Gain.percent(allotted, needed),
                Objective.RESOURCE_COST,
                Grade.MEDIUM,
                evidence));
    }

    private void scaleByDemand(
            WorkflowHistory history,
            String step,
            String resource,
            double[] used,
            double median,
            double p95,
            List<Recommendation> found) {
        double[] allotted = new double[used.length];
        double[] needed = new double[used.length];
        for (int i = 0; i < used.length; i++) {
            allotted[i] = 100;
            needed[i] = Math.min(100, 100 * used[i] / TARGET_PERCENT);
        }
        var evidence = new LinkedHashMap<String, Double>();
        evidence.put(resource + "_percent_median", median);
        evidence.put(resource + "_percent_p95", p95);
        found.add(recommendation(
                history,
                step,
                "scale_by_demand",
                resource,
                1,
                step + " mostly uses " + Text.figure(median) + " % of its " + word(resource) + ", but at times "
                        + Text.figure(p95) + " %: allot it by demand.",
                Gain.percent(allotted, needed),
                Objective.RESOURCE_COST,
                Grade.MEDIUM,
                evidence));
    }

    private static String word(String resource) {
        return resource.equals("cpu") ? "processor time" : resource;
    }

    private Recommendation recommendation(
            WorkflowHistory history,
            String step,
            String action,
            String resource,
            double factor,
            String description,
            Interval gain,
            Objective objective,
            Grade risk,
            Map<String, Double> evidence) {
        var arguments = new LinkedHashMap<String, Object>();
        arguments.put("step", step);
        arguments.put("resource", resource);
        arguments.put("factor", factor);
        return new Recommendation(
                name() + ":" + history.workflow() + ":" + step + ":" + resource + ":" + action,
                name(),
                history.workflow(),
                action,
                description,
                gain,
                objective,
                Grade.LOW,
                risk,
                List.of(new Change(action, arguments)),
                evidence);
    }
}
