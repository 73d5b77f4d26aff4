package dev.understudy.core.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.core.problem.UserException;
import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.optimization.Trial;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TunerTest {
    private static final SearchSpace SPACE =
            SearchSpace.builder().integer("x", 0, 9).current(Map.of("x", 0L)).build();

    private final FakeTime time = new FakeTime();
    private final RecordingApplier applier = new RecordingApplier();
    private final List<TrialRecord> heard = new ArrayList<>();
    private final Walk strategy = new Walk();

    private TuningResult tune(TuningPlan plan, Objective objective, List<TrialRecord> earlier)
            throws InterruptedException {
        return new Tuner(time).tune(plan, strategy, objective, applier, earlier, new TuningListener() {
            @Override
            public void ended(TrialRecord trial) {
                heard.add(trial);
            }
        });
    }

    /** 100 less 5 for each step of x, with a noise of 1 that depends on nothing but the number of the measurement. */
    private Objective slope(int seed) {
        var random = new Random(seed);
        return (values, _) -> {
            time.sleep(Duration.ofSeconds(1));
            return new Objective.Measured(100 - 5 * (Long) x(values) + random.nextGaussian());
        };
    }

    private static Object x(Map<String, Object> values) {
        Object x = values.get("x");
        if (x == null) throw new AssertionError("x is missing");
        return x;
    }

    private static TuningPlan plan(int budget) {
        return TuningPlan.of(SPACE, budget, 1);
    }

    @Nested
    class ASession {
        @Test
        void measuresTheDefaultFirstAndLastAndRacesWithAtMostFifteenPercentOfTheBudget() throws InterruptedException {
            TuningResult result = tune(plan(60), slope(1), List.of());
            List<TrialRecord> trials = result.trials();
            assertThat(trials.getFirst().phase()).isEqualTo(Phase.DEFAULT);
            assertThat(trials.getLast().phase()).isEqualTo(Phase.LAST);
            assertThat(trials.getFirst().candidate().values()).isEqualTo(Map.of("x", 0L));
            assertThat(trials.getLast().candidate().values()).isEqualTo(Map.of("x", 0L));
            assertThat(trials).hasSizeLessThanOrEqualTo(60);
            assertThat(trials.stream().filter(trial -> trial.phase() == Phase.RACE))
                    .hasSize(9);
        }

        @Test
        void findsWhatIsBetterAndSaysByHowMuch() throws InterruptedException {
            TuningResult result = tune(plan(60), slope(2), List.of());
            assertThat(result.verdict()).isInstanceOfSatisfying(Verdict.Improved.class, improved -> {
                assertThat(improved.candidate().values()).isEqualTo(Map.of("x", 9L));
                // 100 to 55.
                assertThat(improved.race().low()).isBetween(0.40, 0.45);
                assertThat(improved.race().high()).isBetween(0.45, 0.50);
                assertThat(improved.race().worstCandidate())
                        .isEqualTo(improved.race().candidateValues().stream()
                                .max(Double::compare)
                                .orElseThrow());
            });
        }

        @Test
        void takesMoreForBetterIfAsked() throws InterruptedException {
            TuningPlan less = plan(60);
            var more = new TuningPlan(SPACE, Direction.MAXIMIZE, 60, less.maxTime(), 1, 1, Duration.ZERO);
            Objective objective = slope(3);
            TuningResult result = tune(
                    more,
                    (values, replicate) -> objective.measure(values, replicate) instanceof Objective.Measured measured
                            ? new Objective.Measured(200 - measured.value())
                            : new Objective.Failed("never"),
                    List.of());
            assertThat(result.verdict()).isInstanceOfSatisfying(Verdict.Improved.class, improved -> {
                assertThat(improved.candidate().values()).isEqualTo(Map.of("x", 9L));
                // 100 to 145.
                assertThat(improved.race().improvement()).isBetween(0.42, 0.48);
            });
        }

        @Test
        void neverLeavesAValueInForceThatWasNotThere() throws InterruptedException {
            tune(plan(20), slope(4), List.of());
            assertThat(applier.inForce).isEqualTo("what was there");
            assertThat(applier.applied).isEqualTo(20);
        }

        @Test
        void tellsTheStrategyOfFailuresAndGoesOn() throws InterruptedException {
            Objective slope = slope(5);
            TuningResult result = tune(
                    plan(60),
                    (values, replicate) -> (Long) x(values) > 6
                            ? new Objective.Failed("it crashed")
                            : slope.measure(values, replicate),
                    List.of());
            assertThat(strategy.told)
                    .anySatisfy(trial -> assertThat(trial.outcome()).isEqualTo(new Trial.Failed("it crashed")));
            assertThat(result.verdict())
                    .isInstanceOfSatisfying(
                            Verdict.Improved.class,
                            improved ->
                                    assertThat(improved.candidate().values()).isEqualTo(Map.of("x", 6L)));
        }

        // A server that refuses a connection now and then says nothing about the setting.
        @Test
        void measuresAgainWhatFailsNowAndThenAndSaysSo() throws InterruptedException {
            Objective slope = slope(7);
            int[] calls = {0};
            TuningResult result = tune(
                    plan(60),
                    (values, replicate) -> ++calls[0] % 5 == 0
                            ? new Objective.Failed("connection refused")
                            : slope.measure(values, replicate),
                    List.of());

            assertThat(result.verdict()).isInstanceOf(Verdict.Improved.class);
            assertThat(result.trials()).noneMatch(TrialRecord::failed);
            assertThat(result.warnings())
                    .anyMatch(warning -> warning.endsWith(
                            "failed and gave a figure when made again, the last time because connection refused."));
        }

        @Test
        void doesNotWaitAgainForWhatTookAllItsTime() throws InterruptedException {
            Objective slope = slope(8);
            int[] calls = {0};
            TuningResult result = tune(
                    plan(30),
                    (values, replicate) -> {
                        calls[0]++;
                        return (Long) x(values) > 6
                                ? new Objective.Failed("it did not end", Objective.Retry.POINTLESS)
                                : slope.measure(values, replicate);
                    },
                    List.of());

            assertThat(calls[0]).isEqualTo(result.trials().size());
        }

        @Test
        void takesRepeatsForOneTrialWithASpread() throws InterruptedException {
            TuningPlan plan = new TuningPlan(SPACE, Direction.MINIMIZE, 20, Duration.ofDays(1), 1, 3, Duration.ZERO);
            tune(plan, slope(6), List.of());
            assertThat(strategy.told)
                    .allSatisfy(trial -> assertThat(trial.outcome())
                            .isInstanceOfSatisfying(
                                    Trial.Repeated.class,
                                    repeated -> assertThat(repeated.count()).isEqualTo(3)));
        }

        @Test
        void keepsTimeFreeForTheRace() throws InterruptedException {
            TuningPlan plan =
                    new TuningPlan(SPACE, Direction.MINIMIZE, 60, Duration.ofSeconds(30), 1, 1, Duration.ZERO);
            TuningResult result = tune(plan, slope(7), List.of());
            assertThat(result.spent()).isLessThanOrEqualTo(Duration.ofSeconds(30));
            assertThat(result.verdict()).isInstanceOf(Verdict.Improved.class);
            assertThat(result.warnings()).anySatisfy(text -> assertThat(text).startsWith("The time was up after"));
        }
    }

    @Nested
    class WhenTheDefaultCannotBeMeasured {
        @Test
        void nothingElseIsTriedAndWhatWasThereIsBack() {
            assertThatThrownBy(() -> tune(plan(20), (_, _) -> new Objective.Failed("it printed nothing"), List.of()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("it printed nothing");
            assertThat(heard).hasSize(1);
            assertThat(applier.inForce).isEqualTo("what was there");
        }
    }

    @Nested
    class WhenItIsInterrupted {
        @Test
        void whatWasThereIsBack() {
            assertThatThrownBy(() -> tune(
                            plan(20),
                            (values, _) -> {
                                if (heard.size() == 5) Thread.currentThread().interrupt();
                                return new Objective.Measured((Long) x(values));
                            },
                            List.of()))
                    .isInstanceOf(InterruptedException.class);
            assertThat(applier.inForce).isEqualTo("what was there");
            assertThat(heard).hasSize(6);
        }

        @Test
        void itEndsAsItWouldHaveOnceItIsGivenTheTrialsThatItHad() throws InterruptedException {
            TuningResult whole = tune(plan(60), slope(8), List.of());
            for (int had : new int[] {1, 17, 50, 55, 59}) {
                List<TrialRecord> earlier = whole.trials().subList(0, had);
                // What is measured from there on.
                var rest = new ArrayList<>(
                        whole.trials().subList(had, whole.trials().size()));
                heard.clear();
                TuningResult resumed = tune(
                        plan(60),
                        (_, _) -> new Objective.Measured(
                                rest.removeFirst().figures().getFirst()),
                        earlier);
                assertThat(resumed.verdict()).isEqualTo(whole.verdict());
                assertThat(resumed.trials().stream().map(TrialRecord::candidate))
                        .isEqualTo(whole.trials().stream()
                                .map(TrialRecord::candidate)
                                .toList());
                assertThat(heard).hasSize(whole.trials().size() - had);
            }
        }
    }

    @Nested
    class WhenNothingIsBetter {
        @Test
        void theVerdictSaysSo() throws InterruptedException {
            var random = new Random(9);
            TuningResult result =
                    tune(plan(60), (_, _) -> new Objective.Measured(100 + random.nextGaussian()), List.of());
            assertThat(result.verdict()).isInstanceOf(Verdict.NoImprovement.class);
        }
    }

    @Nested
    class OnOneMachine {
        @Test
        void whatIsToldOfOthersIsWiderThanWhatWasMeasured() throws InterruptedException {
            assertThat(tune(plan(60), slope(2), List.of()).verdict())
                    .isInstanceOfSatisfying(Verdict.Improved.class, improved -> {
                        RaceResult race = improved.race();
                        assertThat(race.machines()).hasSize(1);
                        assertThat(race.elsewhere()).hasValueSatisfying(elsewhere -> {
                            assertThat(elsewhere.low()).isBetween(0.2, race.low());
                            assertThat(elsewhere.high()).isGreaterThan(race.high());
                        });
                    });
        }

        @Test
        void nothingIsToldOfOthersWhereFiguresAreNoSharesOfOneAnother() throws InterruptedException {
            Objective slope = slope(2);
            assertThat(tune(
                                    plan(60),
                                    (values, replicate) ->
                                            slope.measure(values, replicate) instanceof Objective.Measured m
                                                    ? new Objective.Measured(m.value() - 80)
                                                    : new Objective.Failed("never"),
                                    List.of())
                            .verdict())
                    .isInstanceOfSatisfying(
                            Verdict.Improved.class,
                            improved -> assertThat(improved.race().elsewhere()).isEmpty());
        }
    }

    @Nested
    class OnSeveralMachines {
        private final TuningPlan five =
                new TuningPlan(SPACE, Direction.MINIMIZE, 60, Duration.ofDays(1), 1, 1, Duration.ZERO, 5);

        private TuningResult tuneOn(TuningPlan plan, List<Objective> machines) throws InterruptedException {
            return new Tuner(time).tune(plan, strategy, machines, applier, List.of(), TuningListener.SILENT);
        }

        /** Machines of which each is slower than the one before. */
        private List<Objective> machines() {
            var machines = new ArrayList<Objective>();
            for (int i = 0; i < 5; i++) {
                Objective slope = slope(20 + i);
                double slower = 1 + i;
                machines.add((values, replicate) -> slope.measure(values, replicate) instanceof Objective.Measured m
                        ? new Objective.Measured(slower * m.value())
                        : new Objective.Failed("never"));
            }
            return machines;
        }

        @Test
        void theSearchIsOnTheFirstAndTheRaceOnEachWithinTheSameBudget() throws InterruptedException {
            TuningResult result = tuneOn(five, machines());
            assertThat(result.trials()).hasSizeLessThanOrEqualTo(60);
            assertThat(result.trials().stream().filter(trial -> trial.phase() == Phase.SEARCH))
                    .allMatch(trial -> trial.machine() == 0);
            assertThat(result.trials().stream()
                            .filter(trial -> trial.phase() == Phase.RACE)
                            .map(TrialRecord::machine)
                            .distinct())
                    .containsExactly(0, 1, 2, 3, 4);
        }

        @Test
        void onlyTheTwoOnTheSameMachineAreCompared() throws InterruptedException {
            assertThat(tuneOn(five, machines()).verdict()).isInstanceOfSatisfying(Verdict.Improved.class, improved -> {
                assertThat(improved.candidate().values()).isEqualTo(Map.of("x", 9L));
                // 100 to 55, however slow the machine is.
                assertThat(improved.race().machines())
                        .hasSize(5)
                        .allSatisfy(each -> assertThat(each.improvement()).isBetween(0.41, 0.49));
                assertThat(improved.race().elsewhere())
                        .hasValueSatisfying(
                                elsewhere -> assertThat(elsewhere.low()).isBetween(0.35, 0.45));
            });
        }

        @Test
        void whatIsGoodOnTheFirstOnlyIsNotCalledBetter() throws InterruptedException {
            List<Objective> machines = machines();
            for (int i = 1; i < 5; i++) {
                Objective like = machines.get(i);
                // Elsewhere each step makes it slower.
                machines.set(
                        i,
                        (values, replicate) -> like.measure(Map.of("x", 0L), replicate) instanceof Objective.Measured m
                                ? new Objective.Measured(m.value() * (1 + 0.05 * (Long) x(values)))
                                : new Objective.Failed("never"));
            }
            assertThat(tuneOn(five, machines).verdict()).isInstanceOf(Verdict.NoImprovement.class);
        }

        @Test
        void littleIsPromisedWhereMachinesDisagree() throws InterruptedException {
            List<Objective> machines = machines();
            for (int i = 1; i < 5; i += 2) {
                Objective like = machines.get(i);
                machines.set(
                        i,
                        (values, replicate) -> like.measure(Map.of("x", 0L), replicate) instanceof Objective.Measured m
                                ? new Objective.Measured(m.value() * (1 - 0.01 * (Long) x(values)))
                                : new Objective.Failed("never"));
            }
            assertThat(tuneOn(five, machines).verdict())
                    .isInstanceOfSatisfying(
                            Verdict.Improved.class,
                            improved -> assertThat(improved.race().elsewhere())
                                    .hasValueSatisfying(elsewhere ->
                                            assertThat(elsewhere.low()).isLessThan(0.05)));
        }

        @Test
        void aSessionGoesOnWhereItWas() throws InterruptedException {
            TuningResult whole = tuneOn(five, machines());
            for (int had : new int[] {40, 48, 55}) {
                var rest = new ArrayList<>(
                        whole.trials().subList(had, whole.trials().size()));
                Objective next = (_, _) ->
                        new Objective.Measured(rest.removeFirst().figures().getFirst());
                TuningResult resumed = new Tuner(time)
                        .tune(
                                five,
                                strategy,
                                List.of(next, next, next, next, next),
                                applier,
                                whole.trials().subList(0, had),
                                TuningListener.SILENT);
                assertThat(resumed.verdict()).isEqualTo(whole.verdict());
            }
        }

        @Test
        void theyNeedEnoughOfABudget() {
            assertThat(TuningPlan.minBudget(7)).isEqualTo(70);
            assertThatThrownBy(() ->
                            new TuningPlan(SPACE, Direction.MINIMIZE, 60, Duration.ofDays(1), 1, 1, Duration.ZERO, 7))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class WhenTheMachineDrifts {
        @Test
        void theResultWarns() throws InterruptedException {
            int[] n = {0};
            TuningResult result = tune(plan(60), (_, _) -> new Objective.Measured(100 + n[0]++), List.of());
            assertThat(result.drift())
                    .hasValueSatisfying(drift -> assertThat(drift.share()).isGreaterThan(0.5));
            assertThat(result.warnings()).anySatisfy(text -> assertThat(text).contains("moved by"));
        }
    }

    private static final class RecordingApplier implements ParameterApplier {
        private String inForce = "what was there";
        private int applied;

        @Override
        public void apply(Map<String, Object> values) throws IOException {
            inForce = values.toString();
            applied++;
        }

        @Override
        public void restore() {
            inForce = "what was there";
        }
    }

    /** Goes through all values in turn. */
    private static final class Walk implements OptimizerStrategy {
        private final List<Trial> told = new ArrayList<>();

        @Override
        public String name() {
            return "WALK";
        }

        @Override
        public String description() {
            return "Goes through all values in turn.";
        }

        @Override
        public Search start(SearchSpace space, RandomGenerator random) {
            return new Search() {
                private long next;

                @Override
                public Candidate ask() {
                    return Candidate.of(Map.of("x", next++ % 10));
                }

                @Override
                public void tell(Trial trial) {
                    told.add(trial);
                }
            };
        }
    }
}
