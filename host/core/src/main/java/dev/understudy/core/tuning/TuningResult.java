package dev.understudy.core.tuning;

import dev.understudy.spi.optimization.Candidate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A session that has ended.
 *
 * @param verdict what it found
 * @param defaultSetting to which all was compared
 * @param trials all, in order
 * @param drift how the default setting's figure moved; empty if its last measurement failed or was never made
 * @param importance how much of what varies each parameter explains by itself, by its name, from 0.0 to 1.0, as the
 *     strategy's model says or, where it keeps none, by groups of trials; empty if too little was measured
 * @param spent in trials
 * @param warnings sentences for people: drift, failures of many trials, time that was up early
 */
public record TuningResult(
        Verdict verdict,
        Candidate defaultSetting,
        List<TrialRecord> trials,
        Optional<Drift> drift,
        Map<String, Double> importance,
        Duration spent,
        List<String> warnings) {

    public TuningResult {
        trials = List.copyOf(trials);
        importance = Map.copyOf(importance);
        warnings = List.copyOf(warnings);
    }

    /** The default setting's figure at the start and at the end. */
    public record Drift(double first, double last) {
        /** By how much it changed, as a share of the first; infinite if that was zero and it changed. */
        public double share() {
            return last == first ? 0 : (last - first) / Math.abs(first);
        }
    }

    /** How many trials failed. */
    public long failures() {
        return trials.stream().filter(TrialRecord::failed).count();
    }
}
