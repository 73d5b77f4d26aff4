package dev.understudy.core.tuning;

import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.SearchSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How much of what varies in the figures each parameter explains by itself, where no model says so: the adjusted correlation
 * ratio (epsilon squared of Kelley, "An unbiased correlation ratio measure", PNAS 21, 1935) over groups of trials, by value or, for
 * numbers, by quarters of their ranks. Figures count by their ranks, so that one stray measurement does not decide.
 */
final class MainEffects {
    private static final int GROUPS = 4;
    private static final int MIN_TRIALS = 12;

    private MainEffects() {}

    static Map<String, Double> of(SearchSpace space, List<TrialRecord> trials) {
        List<TrialRecord> measured = trials.stream()
                .filter(trial -> !trial.failed() && trial.machine() == 0)
                .toList();
        var effects = new LinkedHashMap<String, Double>();
        if (measured.size() < MIN_TRIALS) return effects;
        List<Double> figures =
                measured.stream().map(trial -> trial.value().orElseThrow()).toList();
        List<Double> ranks = ranks(figures);
        for (Dimension dimension : space.dimensions()) {
            var groups = groups(dimension, measured);
            var sums = new LinkedHashMap<Object, List<Double>>();
            for (int i = 0; i < ranks.size(); i++)
                sums.computeIfAbsent(groups.get(i), _ -> new ArrayList<>()).add(ranks.get(i));
            effects.put(dimension.name(), explained(ranks, List.copyOf(sums.values())));
        }
        return effects;
    }

    /** The group of each trial. */
    private static List<Object> groups(Dimension dimension, List<TrialRecord> trials) {
        List<Object> values = trials.stream()
                .map(trial -> trial.candidate().values().getOrDefault(dimension.name(), ""))
                .toList();
        return switch (dimension) {
            case Dimension.Ordinal _, Dimension.Categorical _, Dimension.Flag _ -> values;
            case Dimension.RealRange _, Dimension.IntegerRange _ -> {
                List<Double> numbers = values.stream()
                        .map(value -> value instanceof Number number ? number.doubleValue() : Double.NEGATIVE_INFINITY)
                        .toList();
                yield ranks(numbers).stream()
                        .map(rank -> (Object) (int) Math.floor((rank - 0.5) * GROUPS / numbers.size()))
                        .collect(Collectors.toList());
            }
        };
    }

    /** Ranks from 1; equal values share their mean. */
    private static List<Double> ranks(List<Double> values) {
        List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
        return values.stream()
                .map(value -> (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2.0 + 1)
                .toList();
    }

    private static double explained(List<Double> all, List<List<Double>> groups) {
        int n = all.size();
        int k = groups.size();
        double total = squares(all);
        if (k < 2 || k >= n || total == 0) return 0;
        double within = groups.stream().mapToDouble(MainEffects::squares).sum();
        return Math.clamp(1 - within / (n - k) * (n - 1) / total, 0.0, 1.0);
    }

    private static double squares(List<Double> values) {
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        return values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
    }
}
