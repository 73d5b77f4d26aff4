package dev.understudy.core.executor.tuning;

import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.config.ExecutorSettings.Switch;
import dev.understudy.core.executor.tuning.KeepRule.Judgement;
import dev.understudy.core.executor.tuning.KeepRule.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Measures each switch alone beside all of them off, round by round and in an order drawn by lot within each, so that what
 * changes on the machine meanwhile meets all of them; then what is to be kept, all together, in fresh rounds, since what pays
 * alone need not pay beside another. Used by one thread.
 */
public final class SwitchTuner {
    private final Rig rig;
    private final Plan plan;
    private final RandomGenerator random;
    private final Consumer<String> progress;

    /** Measures the executor at work. */
    public interface Rig {
        /** The figures of each measure, all positive; has no effect that lasts. */
        Map<Measure, Double> measure(ExecutorSettings settings) throws InterruptedException;
    }

    /**
     * How it is gone about.
     *
     * @param rounds of each part, at least {@link Comparison#MIN_PAIRS}
     * @param minGain the least gain that is worth a switch, as a share
     * @param harmless the share by which a measure may be worse and yet count as the same
     */
    public record Plan(int rounds, double minGain, double harmless) {
        public Plan {
            if (rounds < Comparison.MIN_PAIRS)
                throw new IllegalArgumentException(
                        "rounds must be at least " + Comparison.MIN_PAIRS + ", was " + rounds);
        }
    }

    /**
     * What came of it.
     *
     * @param alone what was found of each switch by itself
     * @param together of those that are kept, in fresh rounds; empty if none is
     * @param tuned the settings to have; the given ones where there is nothing to gain
     * @param conservative the same with those switches only that gain most
     */
    public record Result(
            Map<Switch, Judgement> alone,
            Optional<Judgement> together,
            ExecutorSettings tuned,
            ExecutorSettings conservative) {
        /** Whether all stays as it is. */
        public boolean keepsWhatThereIs() {
            return together.isEmpty();
        }
    }

    /** What a conservative configuration asks of a gain. */
    public static final double LARGE_GAIN = 0.2;

    /** @param progress hears one line for people when something begins */
    public SwitchTuner(Rig rig, Plan plan, RandomGenerator random, Consumer<String> progress) {
        this.rig = rig;
        this.plan = plan;
        this.random = random;
        this.progress = progress;
    }

    /** Tunes switches, all of which are off in the settings that it begins with. */
    public Result tune(ExecutorSettings base, Set<Switch> switches) throws InterruptedException {
        ExecutorSettings plain = base.withOnly(Set.of());
        var settings = new LinkedHashMap<Set<Switch>, ExecutorSettings>();
        settings.put(Set.of(), plain);
        for (Switch each : switches) settings.put(Set.of(each), base.withOnly(Set.of(each)));
        // What a Java machine compiles in its first minute belongs to nobody's figures.
        progress.accept("Warming up");
        rig.measure(plain);
        Map<Set<Switch>, Map<Measure, List<Double>>> figures = rounds(settings, "each switch alone");
        var rule = new KeepRule(plan.minGain(), plan.harmless(), Math.max(1, switches.size()));
        var alone = new EnumMap<Switch, Judgement>(Switch.class);
        for (Switch each : switches) alone.put(each, rule.judge(of(figures, Set.of()), of(figures, Set.of(each))));
        for (Set<Switch> candidates : candidates(alone)) {
            ExecutorSettings tuned = base.withOnly(candidates);
            Judgement judgement = race(plain, tuned, new KeepRule(plan.minGain(), plan.harmless(), 1));
            if (judgement.verdict() != Verdict.KEEP) continue;
            Set<Switch> large = EnumSet.noneOf(Switch.class);
            for (Switch each : candidates) if (gainsMuch(alone.get(each))) large.add(each);
            return new Result(alone, Optional.of(judgement), tuned, base.withOnly(large));
        }
        return new Result(alone, Optional.empty(), plain, plain);
    }

    /** All that pays alone, and if that does not pay together, what pays most. */
    private static Set<Set<Switch>> candidates(Map<Switch, Judgement> alone) {
        Set<Switch> kept = EnumSet.noneOf(Switch.class);
        alone.forEach((each, judgement) -> {
            if (judgement.verdict() == Verdict.KEEP) kept.add(each);
        });
        var candidates = new LinkedHashSet<Set<Switch>>();
        if (kept.isEmpty()) return candidates;
        candidates.add(kept);
        kept.stream()
                .max(Comparator.comparingDouble(each -> gain(alone.get(each))))
                .ifPresent(best -> candidates.add(Set.of(best)));
        return candidates;
    }

    private static boolean gainsMuch(@Nullable Judgement judgement) {
        return judgement != null && judgement.comparisons().stream().anyMatch(each -> each.surely() >= LARGE_GAIN);
    }

    private static double gain(@Nullable Judgement judgement) {
        if (judgement == null) return 0;
        return judgement.comparisons().stream()
                .mapToDouble(Comparison::surely)
                .max()
                .orElse(0);
    }

    /** Compares two settings in fresh rounds. */
    public Judgement race(ExecutorSettings without, ExecutorSettings with, KeepRule rule) throws InterruptedException {
        var settings = new LinkedHashMap<Set<Switch>, ExecutorSettings>();
        settings.put(without.on(), without);
        settings.put(with.on(), with);
        Map<Set<Switch>, Map<Measure, List<Double>>> figures = rounds(settings, "what is kept, together");
        return rule.judge(of(figures, without.on()), of(figures, with.on()));
    }

    private Map<Set<Switch>, Map<Measure, List<Double>>> rounds(
            Map<Set<Switch>, ExecutorSettings> settings, String what) throws InterruptedException {
        var figures = new LinkedHashMap<Set<Switch>, Map<Measure, List<Double>>>();
        for (int round = 1; round <= plan.rounds(); round++) {
            progress.accept("Measuring " + what + ": round " + round + " of " + plan.rounds());
            var order = new ArrayList<>(settings.entrySet());
            Collections.shuffle(order, java.util.Random.from(random));
            for (var each : order) {
                Map<Measure, List<Double>> all =
                        figures.computeIfAbsent(each.getKey(), _ -> new EnumMap<>(Measure.class));
                rig.measure(each.getValue())
                        .forEach((measure, figure) -> all.computeIfAbsent(measure, _ -> new ArrayList<>())
                                .add(figure));
            }
        }
        return figures;
    }

    private static Map<Measure, List<Double>> of(Map<Set<Switch>, Map<Measure, List<Double>>> figures, Set<Switch> on) {
        return figures.getOrDefault(on, Map.of());
    }
}
