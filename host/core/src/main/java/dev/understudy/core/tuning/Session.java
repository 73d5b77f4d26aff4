package dev.understudy.core.tuning;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.TuningResult.Drift;
import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchJournal;
import dev.understudy.spi.optimization.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** One session from its first trial to its verdict. */
final class Session {
    /** The race draws its order from a generator of its own, so that it depends on no strategy. */
    private static final long RACE_SEED = 0x9E3779B97F4A7C15L;

    /** Drift is told where it is more than this share and more than the race's own spread. */
    private static final double NOTABLE_DRIFT = 0.03;

    private static final double MANY_FAILURES = 0.3;

    private final TuningPlan plan;
    private final Trials trials;
    private final String strategy;
    private final SearchJournal search;
    private final RandomGenerator random;
    private final List<String> warnings = new ArrayList<>();

    Session(TuningPlan plan, OptimizerStrategy strategy, Trials trials) {
        this.plan = plan;
        this.trials = trials;
        this.strategy = strategy.name();
        search = byStrategy(() -> SearchJournal.start(strategy, plan.space(), plan.seed()));
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(plan.seed() ^ RACE_SEED);
    }

    TuningResult run() throws InterruptedException {
        // A strategy begins with the current setting, which is to be measured first anyway.
        Candidate asked = ask();
        TrialRecord first = trials.makeDefault(Phase.DEFAULT);
        tell(first);
        search(asked);
        Verdict verdict = verdict(heat());
        TrialRecord last = trials.makeDefault(Phase.LAST);
        warnOfFailures();
        Optional<Drift> drift = last.failed()
                ? Optional.empty()
                : Optional.of(
                        new Drift(first.value().orElseThrow(), last.value().orElseThrow()));
        drift.ifPresent(this::warnOfDrift);
        return new TuningResult(
                verdict, plan.defaultSetting(), trials.ended(), drift, importance(), trials.spent(), warnings);
    }

    private void search(Candidate firstAsked) throws InterruptedException {
        int budget = plan.searchTrials() - heatTrials();
        boolean measured = firstAsked.values().equals(plan.defaultSetting().values());
        for (int done = 0; done < budget; done++) {
            if (!trials.timeFor(1 + heatTrials() + plan.raceTrials() + 1)) {
                warnings.add("The time was up after " + done + " of " + budget + " trials of the search.");
                return;
            }
            tell(trials.make(Phase.SEARCH, done > 0 || measured ? ask() : firstAsked, 0));
        }
    }

    private int heatTrials() {
        return plan.racers() * plan.heatRounds();
    }

    private Map<String, Double> importance() {
        Map<String, Double> ofModel = byStrategy(search::importance);
        return ofModel.isEmpty() ? MainEffects.of(plan.space(), trials.ended()) : ofModel;
    }

    private Candidate ask() {
        return byStrategy(() -> {
            Candidate asked = search.ask();
            plan.space().check(asked);
            return asked;
        });
    }

    private void tell(TrialRecord trial) {
        byStrategy(() -> {
            search.tell(new Trial(trial.candidate(), outcome(trial)));
            return trial;
        });
    }

    /** A strategy is a plugin's, so whatever it throws is its own mistake and ends the session. */
    private <T> T byStrategy(Supplier<T> call) {
        try {
            return call.get();
        } catch (UserException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw UserException.failed(
                    "The strategy " + strategy + " failed",
                    String.valueOf(e),
                    "Choose another; 'optimizers' lists all",
                    e);
        }
    }

    private Trial.Outcome outcome(TrialRecord trial) {
        List<Double> costs = trial.figures().stream()
                .map(value -> plan.direction().cost(value))
                .toList();
        return switch (costs.size()) {
            case 0 -> new Trial.Failed(trial.failure());
            case 1 -> new Trial.Value(costs.getFirst());
            default -> Trial.Repeated.of(costs);
        };
    }

    /** Measures the best few again and returns the best of them by all that was measured of it; empty if there is none. */
    private Optional<Candidate> heat() throws InterruptedException {
        List<Candidate> racers = best(plan.racers());
        if (racers.size() > 1) {
            for (int round = 0; round < plan.heatRounds(); round++) {
                // Whoever was lucky on the first machine is seen on others first.
                int machine = (round + 1) % plan.machines();
                for (Candidate racer : racers) {
                    TrialRecord trial = trials.make(Phase.HEAT, racer, machine);
                    // The strategy searches on the first machine; how fast another is would only mislead it.
                    if (machine == 0) tell(trial);
                }
            }
        }
        return best(1, racers).stream().findFirst();
    }

    /** What the strategy recommends, then what was measured to be best; never the default, nor what failed. */
    private List<Candidate> best(int count) {
        var candidates = new ArrayList<Candidate>();
        Optional<Candidate> opinion = byStrategy(search::recommended);
        opinion.ifPresent(candidates::add);
        for (TrialRecord trial : trials.ended()) if (trial.phase() == Phase.SEARCH) candidates.add(trial.candidate());
        var distinct = new LinkedHashMap<Map<String, Object>, Candidate>();
        for (Candidate each : candidates) {
            if (!each.values().equals(plan.defaultSetting().values()) && cost(each) < Double.POSITIVE_INFINITY)
                distinct.putIfAbsent(each.values(), each);
        }
        if (distinct.isEmpty()) return List.of();
        List<Candidate> byCost = best(count, List.copyOf(distinct.values()));
        Optional<Candidate> recommended = opinion.map(each -> distinct.get(each.values()));
        if (recommended.isEmpty() || byCost.contains(recommended.get())) return byCost;
        var racers = new ArrayList<>(List.of(recommended.get()));
        racers.addAll(byCost.subList(0, Math.min(byCost.size(), count - 1)));
        return racers;
    }

    private List<Candidate> best(int count, List<Candidate> among) {
        return among.stream()
                .filter(each -> cost(each) < Double.POSITIVE_INFINITY)
                .sorted(Comparator.comparingDouble(this::cost))
                .limit(count)
                .toList();
    }

    /**
     * The mean of all that was measured of a candidate, less being better; infinite unless most of its trials have a figure. On
     * several machines that of the machine where it does worst, so that one which is good on some machines only does not win.
     */
    private double cost(Candidate candidate) {
        double worst = cost(candidate, 0);
        for (int machine = 1; machine < plan.machines(); machine++) {
            int here = machine;
            boolean measured = trials.ended().stream()
                    .anyMatch(trial -> trial.machine() == here
                            && trial.candidate().values().equals(candidate.values()));
            if (measured) worst = Math.max(worst, cost(candidate, machine));
        }
        return worst;
    }

    private double cost(Candidate candidate, int machine) {
        double sum = 0;
        int count = 0;
        int failed = 0;
        for (TrialRecord trial : trials.ended()) {
            if (trial.machine() != machine || !trial.candidate().values().equals(candidate.values())) continue;
            if (trial.failed()) {
                failed++;
                continue;
            }
            sum += plan.direction().cost(trial.value().orElseThrow());
            count++;
        }
        return count <= failed ? Double.POSITIVE_INFINITY : sum / count;
    }

    private Verdict verdict(Optional<Candidate> racer) throws InterruptedException {
        if (racer.isEmpty())
            return new Verdict.NoImprovement("nothing but the default setting could be measured", Optional.empty());
        Candidate candidate = racer.get();
        var race = new Race(candidate, plan.direction(), plan.raceTrials());
        for (Race.Turn turn : Race.turns(plan.raceTrials(), plan.machines(), random)) {
            var block = new RaceBlock(plan.direction());
            for (Race.Side side : turn.order()) {
                block.add(
                        side,
                        trials.make(
                                Phase.RACE,
                                switch (side) {
                                    case DEFAULT -> plan.defaultSetting();
                                    case CANDIDATE -> candidate;
                                },
                                turn.machine()));
            }
            Optional<Race.Side> failing = block.withoutFigure();
            if (failing.isPresent()) return failedInRace(failing.get(), block.lastFailure());
            race.add(block, turn.machine());
            if (turn.endsRound() && race.decided()) break;
            if (!trials.timeFor(1)) {
                warnings.add("The time was up in the race.");
                break;
            }
        }
        return judged(race);
    }

    private static Verdict failedInRace(Race.Side side, String failure) {
        String who = switch (side) {
            case DEFAULT -> "the default setting";
            case CANDIDATE -> "the best candidate";
        };
        return new Verdict.NoImprovement(who + " failed in the race: " + failure, Optional.empty());
    }

    private static Verdict judged(Race race) {
        RaceResult result = race.result();
        if (race.failsMoreOften())
            return new Verdict.NoImprovement(
                    "in the race the best candidate failed more often than the default", Optional.of(result));
        return switch (race.finding()) {
            case SHOWN -> new Verdict.Improved(result.candidate(), result);
            case NOT_SHOWN ->
                new Verdict.NoImprovement(
                        result.improvement() <= 0
                                ? "in the race the best candidate was no better than the default"
                                : "the race could not tell the best candidate from the default",
                        Optional.of(result));
        };
    }

    private void warnOfFailures() {
        trials.mishaps().ifPresent(warnings::add);
        List<TrialRecord> failed =
                trials.ended().stream().filter(TrialRecord::failed).toList();
        if (failed.size() > MANY_FAILURES * trials.ended().size())
            warnings.add(failed.size() + " of " + trials.ended().size() + " trials failed, the last because "
                    + failed.getLast().failure() + ".");
    }

    private void warnOfDrift(Drift drift) {
        double share = drift.share();
        if (Math.abs(share) <= NOTABLE_DRIFT || Math.abs(drift.last() - drift.first()) <= 3 * raceDeviation()) return;
        warnings.add(String.format(
                Locale.ROOT,
                "The default setting's figure moved by %+.0f %% from the first trial to the last: something else changed, too. "
                        + "The race is not misled by that, what the search thinks may be.",
                share * 100));
    }

    /** The standard deviation of the default setting's figures in the race; 0 if there are too few. */
    private double raceDeviation() {
        List<Double> values = trials.ended().stream()
                .filter(trial -> trial.phase() == Phase.RACE
                        && !trial.failed()
                        && trial.candidate()
                                .values()
                                .equals(plan.defaultSetting().values()))
                .map(trial -> trial.value().orElseThrow())
                .toList();
        return values.size() < 2 ? 0 : Trial.Repeated.of(values).standardDeviation();
    }
}
