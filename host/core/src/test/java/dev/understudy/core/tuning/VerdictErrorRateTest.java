package dev.understudy.core.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.optimization.Trial;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How often whole sessions are wrong, and how often they find what there is, in thousands of simulated ones. */
@Tag("slow")
class VerdictErrorRateTest {
    private static final SearchSpace SPACE = SearchSpace.builder()
            .real("x", 0, 1)
            .integer("y", 1, 64)
            .categorical("z", "a", "b", "c")
            .current(Map.of("x", 0.5, "y", 8L, "z", "a"))
            .build();

    private static final int SESSIONS = 2000;

    /** The error rate that is promised and two standard errors of it. */
    private static final double MOST = 0.05 + 2 * Math.sqrt(0.05 * 0.95 / SESSIONS);

    private static final double MOST_OF_HALF = 0.05 + 2 * Math.sqrt(0.05 * 0.95 / (SESSIONS / 2.0));

    /** What is measured of a setting whose figure is 100, at the n-th measurement. */
    enum Noise {
        NORMAL {
            @Override
            double next(Random random, int n, double[] memory) {
                return 100 * (1 + 0.05 * random.nextGaussian());
            }
        },
        LOGNORMAL {
            @Override
            double next(Random random, int n, double[] memory) {
                return 100 * Math.exp(0.5 * random.nextGaussian());
            }
        },
        HEAVY_TAILS {
            @Override
            double next(Random random, int n, double[] memory) {
                // Student's t with two degrees of freedom: its variance is infinite.
                double chi = -2 * Math.log(1 - random.nextDouble());
                return 100 + 5 * random.nextGaussian() / Math.sqrt(chi / 2);
            }
        },
        OUTLIERS {
            @Override
            double next(Random random, int n, double[] memory) {
                return 100 * (1 + 0.02 * random.nextGaussian()) * (random.nextInt(10) == 0 ? 3 : 1);
            }
        },
        DRIFT {
            @Override
            double next(Random random, int n, double[] memory) {
                return 100 * Math.exp(-0.005 * n + 0.02 * random.nextGaussian());
            }
        },
        AUTOCORRELATED {
            @Override
            double next(Random random, int n, double[] memory) {
                memory[0] = 0.9 * memory[0] + random.nextGaussian();
                return 100 + 3 * memory[0];
            }
        },
        WHOLE_NUMBERS {
            @Override
            double next(Random random, int n, double[] memory) {
                return 3 + random.nextInt(3);
            }
        };

        abstract double next(Random random, int n, double[] memory);
    }

    /** Sessions that end with an improvement, as a share of all. */
    private static double wins(
            int sessions, int budget, Noise noise, ToDoubleFunction<Map<String, Object>> factor, Direction direction)
            throws InterruptedException {
        int won = 0;
        for (int seed = 0; seed < sessions; seed++) {
            var random = new Random(seed);
            double[] memory = {0};
            int[] n = {0};
            Objective objective = (values, _) ->
                    new Objective.Measured(noise.next(random, n[0]++, memory) * factor.applyAsDouble(values));
            TuningPlan base = TuningPlan.of(SPACE, budget, seed);
            var plan = new TuningPlan(SPACE, direction, budget, base.maxTime(), seed, base.repeats(), base.settle());
            TuningResult result = new Tuner(new FakeTime())
                    .tune(plan, new RandomSearch(), objective, ParameterApplier.NONE, List.of(), TuningListener.SILENT);
            if (result.verdict() instanceof Verdict.Improved) won++;
        }
        return (double) won / sessions;
    }

    @Nested
    class WhenNoSettingIsBetterThanTheDefault {
        @ParameterizedTest
        @EnumSource
        void atMostOneSessionInTwentyClaimsAnImprovement(Noise noise) throws InterruptedException {
            assertThat(wins(SESSIONS, 60, noise, _ -> 1, Direction.MINIMIZE)).isLessThan(MOST);
        }

        @ParameterizedTest
        @CsvSource({"16", "30", "200"})
        void norDoesItWithAnotherBudget(int budget) throws InterruptedException {
            assertThat(wins(SESSIONS / 2, budget, Noise.NORMAL, _ -> 1, Direction.MAXIMIZE))
                    .isLessThan(MOST_OF_HALF);
        }
    }

    @Nested
    class WhenAThirdOfTheSettingsIsTenPercentBetter {
        @ParameterizedTest
        @CsvSource({
            "NORMAL, 60, 0.8",
            "NORMAL, 200, 0.95",
            "DRIFT, 60, 0.95",
            "AUTOCORRELATED, 60, 0.9",
            "OUTLIERS, 60, 0.55"
        })
        void theyAreFoundWithTheStatedPower(Noise noise, int budget, double power) throws InterruptedException {
            double found = wins(
                    SESSIONS / 2, budget, noise, values -> "b".equals(values.get("z")) ? 0.9 : 1, Direction.MINIMIZE);
            assertThat(found).isGreaterThan(power);
        }
    }

    /** Draws each point anew. */
    private record RandomSearch() implements OptimizerStrategy {
        @Override
        public String name() {
            return "RANDOM_FOR_TESTS";
        }

        @Override
        public String description() {
            return "Draws each point anew.";
        }

        @Override
        public Search start(SearchSpace space, RandomGenerator random) {
            return new Search() {
                private boolean begun;

                @Override
                public Candidate ask() {
                    if (!begun) {
                        begun = true;
                        return space.current().orElseThrow();
                    }
                    var values = new HashMap<String, Object>();
                    values.put("x", random.nextDouble());
                    values.put("y", random.nextLong(1, 65));
                    values.put("z", List.of("a", "b", "c").get(random.nextInt(3)));
                    return space.candidate(values, "");
                }

                @Override
                public void tell(Trial trial) {
                    // It does not learn.
                }
            };
        }
    }
}
