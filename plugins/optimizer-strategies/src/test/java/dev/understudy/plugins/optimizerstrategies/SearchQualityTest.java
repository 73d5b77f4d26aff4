package dev.understudy.plugins.optimizerstrategies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchJournal;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.optimization.Trial;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How good the candidates are, on functions whose optimum is known by construction. */
@Tag("slow")
class SearchQualityTest {
    private static final int SEEDS = 5;
    private static final SearchSpace BOWL = SearchSpace.builder()
            .real("x", 0, 1)
            .real("y", 0, 1)
            .real("z", 0, 1)
            .categorical("kind", "a", "b", "c")
            .build();

    private static double number(Map<String, Object> values, String name) {
        return values.get(name) instanceof Double number ? number : Double.NaN;
    }

    private static double bowl(Map<String, Object> values) {
        return Math.pow(number(values, "x") - 0.7, 2)
                + Math.pow(number(values, "y") - 0.2, 2)
                + 0.01 * Math.pow(number(values, "z") - 0.5, 2)
                + (Objects.equals(values.get("kind"), "b") ? 0 : 0.5);
    }

    private static SearchJournal run(
            OptimizerStrategy strategy,
            SearchSpace space,
            ToDoubleFunction<Map<String, Object>> function,
            double noise,
            int trials,
            long seed) {
        SearchJournal journal = SearchJournal.start(strategy, space, seed);
        var random = new Random(seed);
        for (int i = 0; i < trials; i++) {
            Candidate candidate = journal.ask();
            journal.tell(
                    Trial.of(candidate, function.applyAsDouble(candidate.values()) + noise * random.nextGaussian()));
        }
        return journal;
    }

    /** The mean regret of what a strategy recommends. */
    private static double regret(OptimizerStrategy strategy, double noise, int trials) {
        double sum = 0;
        for (int seed = 0; seed < SEEDS; seed++)
            sum += bowl(run(strategy, BOWL, SearchQualityTest::bowl, noise, trials, seed)
                    .recommended()
                    .orElseThrow()
                    .values());
        return sum / SEEDS;
    }

    @Nested
    class OnASmoothBowlWithAChoice {
        @Test
        void breedingBeatsDrawing() {
            assertThat(regret(new GeneticStrategy(), 0, 60)).isLessThan(regret(new RandomStrategy(), 0, 60) / 2);
        }

        @Test
        void aModelFindsTheBottom() {
            assertThat(regret(new BayesianStrategy(), 0, 40)).isLessThan(1e-3);
            assertThat(regret(new AdaptiveStrategy(), 0, 40)).isLessThan(1e-3);
        }

        @Test
        void aModelSeesThroughNoise() {
            // Within one deviation of the noise, where the lowest of 40 measurements is itself two deviations off.
            assertThat(regret(new AdaptiveStrategy(), 0.1, 40)).isLessThan(0.1);
            assertThat(regret(new BayesianStrategy(), 0.1, 40)).isLessThan(0.1);
        }

        @Test
        void aModelKnowsWhatMatters() {
            Map<String, Double> importance = run(new AdaptiveStrategy(), BOWL, SearchQualityTest::bowl, 0, 40, 1)
                    .importance();
            assertThat(importance.get("z")).isLessThan(0.02);
            assertThat(importance.get("kind")).isGreaterThan(0.1);
        }
    }

    @Nested
    class WhereThereIsNothingButNoise {
        private int distinct(OptimizerStrategy strategy) {
            SearchSpace cube =
                    SearchSpace.builder().real("x", 0, 1).real("y", 0, 1).build();
            Set<String> cells = new HashSet<>();
            SearchJournal journal = run(strategy, cube, _ -> 0, 1, 60, 3);
            for (Trial trial : journal.trials().subList(20, 60))
                cells.add((int) (10 * number(trial.candidate().values(), "x")) + " "
                        + (int) (10 * number(trial.candidate().values(), "y")));
            return cells.size();
        }

        @Test
        void noStrategyStaysAtOnePlace() {
            assertThat(distinct(new BayesianStrategy())).isGreaterThan(10);
            assertThat(distinct(new AdaptiveStrategy())).isGreaterThan(10);
        }
    }

    @Nested
    class WhereHalfTheSpaceFails {
        @Test
        void aModelKeepsAway() {
            SearchSpace line =
                    SearchSpace.builder().real("x", 0, 1).real("y", 0, 1).build();
            SearchJournal journal = SearchJournal.start(new BayesianStrategy(), line, 5);
            int failures = 0;
            for (int i = 0; i < 50; i++) {
                Candidate candidate = journal.ask();
                boolean fails = number(candidate.values(), "x") > 0.5;
                if (fails && i >= 20) failures++;
                // It gets better towards where it fails.
                journal.tell(
                        fails
                                ? new Trial(candidate, new Trial.Failed("out of memory"))
                                : Trial.of(candidate, -number(candidate.values(), "x")));
            }
            assertThat(failures).isLessThan(15);
        }
    }
}
