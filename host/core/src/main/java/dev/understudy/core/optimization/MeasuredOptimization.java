package dev.understudy.core.optimization;

import dev.understudy.core.optimization.Advice.Change;
import dev.understudy.core.optimization.OptimizationResult.Evaluation;
import dev.understudy.core.optimization.OptimizationResult.Measurements;
import dev.understudy.core.optimization.Parameters.Found;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.profile.Leave;
import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.core.profile.Weights;
import dev.understudy.core.system.DetectedWorkload;
import dev.understudy.core.tuning.Objective;
import dev.understudy.core.tuning.RaceResult;
import dev.understudy.core.tuning.TrialRecord;
import dev.understudy.core.tuning.Tuner;
import dev.understudy.core.tuning.TuningListener;
import dev.understudy.core.tuning.TuningPlan;
import dev.understudy.core.tuning.TuningResult;
import dev.understudy.core.tuning.TuningTime;
import dev.understudy.core.tuning.Verdict;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.Workload;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for better settings as far as the profile's leave goes: says what is commonly set, or tries settings on this machine,
 * measures what it does with each, and has the best raced against what was set before.
 */
final class MeasuredOptimization implements Optimization {
    /** Why settings are not tried where nobody could tell whether they do harm. */
    private static final String BLIND =
            "nothing here measures progress: this system has no /proc/pressure (Linux has it since 4.20,"
                    + " some with psi=1 on the kernel's command line only), and the profile names no objective";

    private final Parts parts;
    private final Parameters parameters;
    private final Advisor advisor = new Advisor(KnownSetting.ALL);

    /**
     * What it works with.
     *
     * @param average what the machine did on average over the last while
     * @param workload what kind of work the machine does now
     * @param strategies finds a strategy by its name
     * @param settle how long a setting is left to take effect
     * @param measure how long it is measured
     * @param directory where a profile's own objective runs its command; absolute
     */
    record Parts(
            Function<Duration, Optional<SystemSnapshot>> average,
            Supplier<Workload> workload,
            Function<String, Optional<OptimizerStrategy>> strategies,
            ParameterJournal journal,
            TuningTime time,
            InstantSource clock,
            Duration settle,
            Duration measure,
            Path directory) {}

    MeasuredOptimization(Parts parts, Parameters parameters) {
        this.parts = parts;
        this.parameters = parameters;
    }

    @Override
    public OptimizationResult run(OptimizationProfile profile, DetectedWorkload detected, SystemSnapshot statistics)
            throws InterruptedException {
        Instant started = parts.clock().instant();
        Parameters.Look look = parameters.look(profile);
        List<Found> changeable = look.usable().stream()
                .filter(each -> each.parameter().changeable())
                .toList();
        boolean blind = !profile.measuresProgress(statistics);
        if (profile.leave() == Leave.ADVISE || changeable.isEmpty() || blind) {
            List<Advice> advice = advisor.advise(profile.workload(), look, detected, statistics, started);
            return result(profile, started, null, List.of(), advice, summary(profile, look, advice, blind));
        }
        return tried(profile, detected, started, changeable);
    }

    private static String summary(
            OptimizationProfile profile, Parameters.Look look, List<Advice> advice, boolean blind) {
        if (look.usable().isEmpty() && look.leftAlone().isEmpty())
            return "none of the profile's parameters is known here; kernel parameters are set on Linux only";
        String found = advice.isEmpty()
                ? "nothing to advise"
                : advice.size() == 1 ? "one piece of advice" : advice.size() + " pieces of advice";
        String untried =
                profile.leave() == Leave.ADVISE ? "" : "; nothing was tried, since " + (blind ? BLIND : refusal(look));
        String leftAlone = look.leftAlone().isEmpty() ? "" : "; " + String.join("; ", look.leftAlone());
        return found + untried + leftAlone;
    }

    private static String refusal(Parameters.Look look) {
        return look.usable().stream()
                .map(each -> each.parameter().refusal())
                .findFirst()
                .orElse("no parameter may be changed");
    }

    private OptimizationResult tried(
            OptimizationProfile profile, DetectedWorkload detected, Instant started, List<Found> changeable)
            throws InterruptedException {
        OptimizerStrategy strategy = parts.strategies()
                .apply(profile.strategy())
                .orElseThrow(() -> UserException.failed(
                        "Settings for " + profile.workload().id() + " cannot be looked for",
                        "no plugin brings the strategy " + profile.strategy(),
                        "'optimizers' lists those there are; configure continuous_optimization.profiles."
                                + profile.workload().id() + ".strategy"));
        String purpose = "the look for settings for " + profile.workload().id();
        Yardstick yardstick = profile.objective()
                .<Yardstick>map(named -> NamedYardstick.of(named, parts.directory()))
                .orElseGet(() -> new MachineYardstick(profile, parts.average(), parts.measure()));
        var plan = new TuningPlan(
                space(changeable),
                yardstick.direction(),
                profile.evaluations(),
                profile.time(),
                started.toEpochMilli(),
                1,
                parts.settle());
        TuningResult tuned = new Tuner(parts.time())
                .tune(
                        plan,
                        strategy,
                        new Score(yardstick, detected.workload()),
                        new JournalledParameters(parts.journal(), changeable, purpose),
                        List.of(),
                        TuningListener.SILENT);
        Measurements measured = measured(profile, yardstick, tuned, changeable);
        if (!(tuned.verdict() instanceof Verdict.Improved improved))
            return result(profile, started, measured, List.of(), List.of(), measured.verdict());
        if (profile.leave() != Leave.APPLY)
            return result(
                    profile,
                    started,
                    measured,
                    List.of(),
                    List.of(advice(profile, measured, changeable, started)),
                    measured.verdict());
        applyForGood(
                improved.candidate(),
                changeable,
                "settings for " + profile.workload().id());
        return result(profile, started, measured, measured.best(), List.of(), measured.verdict() + "; it is applied");
    }

    private static SearchSpace space(List<Found> changeable) {
        var space = SearchSpace.builder();
        var current = new LinkedHashMap<String, Object>();
        for (Found each : changeable) {
            space.add(each.dimension());
            current.put(each.name(), each.current());
        }
        // The kernel would take half of the other in its place, so the same would be measured under many names.
        if (isOrdered(current))
            space.constraint("vm.dirty_background_ratio < vm.dirty_ratio", MeasuredOptimization::isOrdered);
        return space.current(current).build();
    }

    private static boolean isOrdered(Map<String, Object> values) {
        return !(values.get("vm.dirty_background_ratio") instanceof Long background)
                || !(values.get("vm.dirty_ratio") instanceof Long all)
                || background < all;
    }

    /** Measures for a while, as long as the machine does the same work. */
    private final class Score implements Objective {
        private final Yardstick yardstick;
        private final Workload workload;

        Score(Yardstick yardstick, Workload workload) {
            this.yardstick = yardstick;
            this.workload = workload;
        }

        @Override
        public Outcome measure(Map<String, Object> values, int replicate) throws InterruptedException {
            yardstick.begin();
            long began = parts.time().nanos();
            parts.time().sleep(parts.measure());
            Workload now = parts.workload().get();
            if (!now.equals(workload)) throw new WorkPassedException(now);
            return yardstick.end(Duration.ofNanos(parts.time().nanos() - began));
        }
    }

    private static Measurements measured(
            OptimizationProfile profile, Yardstick yardstick, TuningResult tuned, List<Found> changeable) {
        var evaluations = new ArrayList<Evaluation>();
        for (TrialRecord each : tuned.trials())
            evaluations.add(new Evaluation(
                    texts(each.candidate(), changeable),
                    each.phase().id(),
                    each.value().orElse(Weights.FAILED),
                    each.failure()));
        double before = tuned.trials().getFirst().value().orElseThrow();
        return switch (tuned.verdict()) {
            case Verdict.Improved improved ->
                new Measurements(
                        profile.strategy(),
                        yardstick.purpose(),
                        evaluations,
                        mean(improved.race().defaultValues(), before),
                        mean(improved.race().candidateValues(), before),
                        changes(improved.candidate(), changeable),
                        words(improved.race()));
            case Verdict.NoImprovement none ->
                new Measurements(
                        profile.strategy(),
                        yardstick.purpose(),
                        evaluations,
                        before,
                        before,
                        List.of(),
                        "no improvement found, nothing changed: " + none.reason());
        };
    }

    /** To a tenth, and to four digits: a person's own figure may be of any size. */
    private static String figure(double value) {
        return Math.abs(value) >= 10
                ? String.format(Locale.ROOT, "%.1f", value)
                : new BigDecimal(value)
                        .round(new MathContext(4))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    private static double mean(List<Double> values, double otherwise) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(otherwise);
    }

    private static String words(RaceResult race) {
        boolean share = race.unit() == RaceResult.Unit.SHARE;
        double scale = share ? 100 : 1;
        return String.format(
                Locale.ROOT,
                "better by %.1f%s (95 %% interval from %.1f to %.1f, worst measurement %s against %s)",
                scale * race.improvement(),
                share ? " %" : " points",
                scale * race.low(),
                scale * race.high(),
                figure(race.worstCandidate()),
                figure(race.worstDefault()));
    }

    private static Map<String, String> texts(Candidate candidate, List<Found> changeable) {
        var texts = new LinkedHashMap<String, String>();
        for (Found each : changeable) {
            Object value = candidate.values().get(each.name());
            if (value != null) texts.put(each.name(), each.text(value));
        }
        return texts;
    }

    private static List<Change> changes(Candidate candidate, List<Found> changeable) {
        Map<String, String> texts = texts(candidate, changeable);
        return changeable.stream()
                .filter(each -> !each.parameter().value().equals(texts.get(each.name())))
                .map(each -> new Change(
                        each.target().name(),
                        each.name(),
                        each.parameter().value(),
                        texts.getOrDefault(each.name(), each.parameter().value())))
                .toList();
    }

    private static Advice advice(
            OptimizationProfile profile, Measurements measured, List<Found> changeable, Instant now) {
        var targets = new LinkedHashMap<String, Found>();
        for (Found each : changeable) targets.put(each.name(), each);
        return new Advice(
                profile.workload().id() + "-measured",
                profile.workload(),
                measured.best(),
                "measured on this machine, these settings together are " + measured.verdict(),
                List.of(
                        String.format(
                                Locale.ROOT,
                                "score %s with them, %s with those of before",
                                figure(measured.bestScore()),
                                figure(measured.scoreBefore())),
                        "scores are " + measured.objective(),
                        measured.evaluations().size() + " measurements, settings by " + measured.strategy()),
                commands(measured.best(), targets, Change::to),
                commands(measured.best(), targets, Change::from),
                now);
    }

    private static String commands(List<Change> changes, Map<String, Found> found, Function<Change, String> value) {
        var commands = new ArrayList<String>();
        for (Change each : changes) {
            Found parameter = found.get(each.parameter());
            String command = parameter == null ? "" : parameter.target().command(each.parameter(), value.apply(each));
            // A person must not get a part of it for the whole.
            if (command.isEmpty()) return "";
            commands.add(command);
        }
        return String.join(" && ", commands);
    }

    private void applyForGood(Candidate best, List<Found> changeable, String purpose) throws InterruptedException {
        var applier = new JournalledParameters(parts.journal(), changeable, purpose);
        try {
            try {
                applier.apply(best.values());
                applier.keep();
            } finally {
                applier.restore();
            }
        } catch (IOException e) {
            throw UserException.failed(
                    "The best settings could not be applied",
                    String.valueOf(e.getMessage()),
                    "'tune restore' puts back what is changed",
                    e);
        }
    }

    private OptimizationResult result(
            OptimizationProfile profile,
            Instant started,
            @Nullable Measurements measured,
            List<Change> applied,
            List<Advice> advice,
            String summary) {
        return new OptimizationResult(
                profile.workload(),
                started,
                Duration.between(started, parts.clock().instant()),
                measured,
                applied,
                advice,
                summary);
    }
}
