package dev.understudy.core.executor.tuning;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether a change of the executor is kept: where some measure surely gains something worth having, and no measure may have
 * become worse by more than what does not count.
 *
 * <p>A session asks this once for each switch and each measure. So that a session in which nothing makes a difference keeps
 * something in at most one of twenty cases, what is asked of a gain is shared among all these questions (Bonferroni). That
 * there is no harm is asked of each measure with 95 % confidence, and must hold of all of them at once.
 *
 * @param minGain the least gain that is worth a switch, as a share
 * @param harmless the share by which a measure may be worse and yet count as the same
 * @param questions how many changes a session asks of
 */
public record KeepRule(double minGain, double harmless, int questions) {
    /** The chance that a session keeps something where nothing makes a difference. */
    public static final double FALSE_KEEPS = 0.05;

    public KeepRule {
        if (!(minGain > 0 && minGain < 1))
            throw new IllegalArgumentException("minGain must be above 0.0 and below 1.0, was " + minGain);
        if (!(harmless >= 0 && harmless < 1))
            throw new IllegalArgumentException("harmless must be from 0.0 and below 1.0, was " + harmless);
        if (questions < 1) throw new IllegalArgumentException("questions must be at least 1, was " + questions);
    }

    /** What is said of a change. */
    public enum Verdict {
        KEEP,
        /** No measure surely gains enough. */
        NO_GAIN,
        /** Some measure may have become worse. */
        MAY_HARM
    }

    /**
     * The verdict, and what it rests on.
     *
     * @param comparisons one of each measure
     * @param reason one line for people
     */
    public record Judgement(Verdict verdict, List<Comparison> comparisons, String reason) {
        public Judgement {
            comparisons = List.copyOf(comparisons);
        }
    }

    /**
     * Judges a change.
     *
     * @param without figures of each measure, all as many
     * @param with the same with the change; the i-th was measured beside the i-th
     */
    public Judgement judge(Map<Measure, List<Double>> without, Map<Measure, List<Double>> with) {
        double gainAlpha = FALSE_KEEPS / (questions * (double) without.size());
        var comparisons = new EnumMap<Measure, Comparison>(Measure.class);
        without.forEach((measure, figures) -> comparisons.put(
                measure, Comparison.of(measure, figures, with.getOrDefault(measure, List.of()), gainAlpha)));
        List<Comparison> all = List.copyOf(comparisons.values());
        for (Comparison each : all) {
            if (each.low() < -harmless)
                return new Judgement(
                        Verdict.MAY_HARM,
                        all,
                        each.measure().title() + " may be worse by " + percent(-each.low()) + " (measured "
                                + signed(each.improvement()) + ")");
        }
        return all.stream()
                .filter(each -> each.surely() >= minGain)
                .max(java.util.Comparator.comparingDouble(Comparison::improvement))
                .map(best -> new Judgement(
                        Verdict.KEEP,
                        all,
                        best.measure().title() + " is better by " + percent(best.improvement()) + " (95 %: "
                                + percent(best.low()) + " to " + percent(best.high()) + "), and nothing is worse"))
                .orElseGet(() -> new Judgement(
                        Verdict.NO_GAIN, all, "nothing is surely better by " + percent(minGain) + " or more"));
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String signed(double share) {
        return String.format(Locale.ROOT, "%+.1f %%", 100 * share);
    }
}
