package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleFunction;

/**
 * A recorded execution, to be run through again with other durations or less waiting.
 *
 * <p>What a step waited for is taken from the record: all that had ended when it began. When the last of these ends
 * earlier, so does the step begin, with the same gap between them; what came after the last step stays as long as it was.
 * So an answer is at most as good as the assumption that steps begin when they can, as in causal profiling by replay (Curtsinger
 * and Berger, "Coz: Finding Code that Counts with Causal Profiling", SOSP 2015, ask the same question of a running program).
 */
final class Replay {
    /** Clocks and their rounding: what begins this much before another's end is taken to begin after it. */
    private static final double TOLERANCE_MILLIS = 1;

    private final List<StepExecution> steps;
    private final double[] starts;
    private final double[] ends;
    private final double whole;
    private final double tail;

    Replay(WorkflowExecution execution) {
        steps = execution.steps();
        starts = new double[steps.size()];
        ends = new double[steps.size()];
        double last = 0;
        for (int i = 0; i < steps.size(); i++) {
            starts[i] = millis(execution.start(), steps.get(i).start());
            ends[i] = millis(execution.start(), steps.get(i).end());
            last = Math.max(last, ends[i]);
        }
        whole = Math.max(execution.durationMillis(), last);
        tail = whole - last;
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    /** How long it took, in milliseconds: until the end of the execution or of its last step, whichever is later. */
    double recordedMillis() {
        return whole;
    }

    /** How long it would have taken with other durations, in milliseconds. */
    double millisWith(ToDoubleFunction<StepExecution> durationMillis) {
        return millisWith(durationMillis, (_, _) -> true);
    }

    /**
     * How long it would have taken with other durations, and with steps that wait for fewer others.
     *
     * @param durationMillis of each step
     * @param waits whether the second step has to wait for the first, which had ended before it began
     */
    double millisWith(ToDoubleFunction<StepExecution> durationMillis, BiPredicate<StepExecution, StepExecution> waits) {
        if (steps.isEmpty()) return whole;
        double[] newEnds = new double[steps.size()];
        double last = 0;
        for (int i = 0; i < steps.size(); i++) {
            double latest = Double.NEGATIVE_INFINITY;
            double newLatest = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < steps.size(); j++) {
                if (j == i || !endedBefore(j, i)) continue;
                latest = Math.max(latest, ends[j]);
                if (waits.test(steps.get(j), steps.get(i))) newLatest = Math.max(newLatest, newEnds[j]);
            }
            double start;
            if (latest == Double.NEGATIVE_INFINITY) start = starts[i];
            else {
                double gap = Math.max(0, starts[i] - latest);
                // One that need not wait for any other begins where the first of all did.
                start = (newLatest == Double.NEGATIVE_INFINITY ? starts[0] : newLatest) + gap;
            }
            newEnds[i] = start + durationMillis.applyAsDouble(steps.get(i));
            last = Math.max(last, newEnds[i]);
        }
        return last + tail;
    }

    /** The steps come in the order of their starts, so one that had ended before another began stands before it. */
    private boolean endedBefore(int earlier, int later) {
        return earlier < later && ends[earlier] <= starts[later] + TOLERANCE_MILLIS;
    }
}
