package dev.understudy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.plugins.optimizerstrategies.QuasiRandomStrategy;
import dev.understudy.spi.optimization.SearchJournal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizersBenchTest {
    @Nested
    class AFunction {
        private Problem problem(String name) {
            return PublishedFunctions.all().stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        private double at(String name, Map<String, Object> values) {
            Problem problem = problem(name);
            return problem.function()
                            .applyAsDouble(problem.space().candidate(values, "").values())
                    - problem.minimum();
        }

        @Test
        void isAtItsMinimumWhereThePublishedOptimumLies() {
            assertThat(at("branin", Map.of("x0", (Math.PI + 5) / 15, "x1", 2.275 / 15)))
                    .isEqualTo(0, within(1e-5));
            assertThat(at("rosenbrock6", same(6, 1))).isEqualTo(0, within(1e-12));
            assertThat(at("levy8", same(8, 1))).isEqualTo(0, within(1e-12));
            assertThat(at(
                            "hartmann6",
                            Map.of(
                                    "x0", 0.20169, "x1", 0.150011, "x2", 0.476874, "x3", 0.275332, "x4", 0.311652, "x5",
                                    0.6573)))
                    .isEqualTo(0, within(1e-5));
        }

        private Map<String, Object> same(int dimensions, double value) {
            Map<String, Object> values = new HashMap<>();
            for (int i = 0; i < dimensions; i++) values.put("x" + i, value);
            return values;
        }

        @Test
        void isNowhereBelowItsMinimum() {
            for (int seed = 0; seed < 3; seed++) {
                List<Problem> all = new ArrayList<>(PublishedFunctions.all());
                all.addAll(DevelopmentFunctions.all(seed));
                for (Problem problem : all) {
                    SearchJournal points = SearchJournal.start(new QuasiRandomStrategy(), problem.space(), seed);
                    for (int i = 0; i < 2000; i++)
                        assertThat(problem.function().applyAsDouble(points.ask().values()))
                                .as(problem.name())
                                .isGreaterThanOrEqualTo(problem.minimum());
                }
            }
        }
    }

    @Nested
    class ItsRows {
        @Test
        void standBesideThePeers() throws Exception {
            var bench = new OptimizersBench();
            assertThat(bench.option("--seeds", "3")).isEmpty();
            assertThat(bench.option("--only", "branin clean, (RANDOM|GENETIC)")).isEmpty();
            List<Row> rows = Measured.rows(bench, Optional.empty());
            assertThat(rows)
                    .extracting(Row::name)
                    .containsExactly(
                            "branin clean, RANDOM",
                            "branin clean, GENETIC_ONLY",
                            "branin clean, random search",
                            "branin clean, genetic (Optuna 5.0.0)",
                            "branin clean, TPE (Optuna 5.0.0)");
            assertThat(rows.getLast().p50()).isEqualTo(0.0204);
            assertThat(rows.getFirst().extra()).containsKeys("after_50", "step_cpu_ms");
        }
    }

    @Nested
    class AnOption {
        @ParameterizedTest
        @ValueSource(strings = {"--seeds=0", "--threads=two", "--only=(", "--functions=mine", "--speed=3"})
        void isRefusedWithAReason(String option) {
            String[] parts = option.split("=", 2);
            assertThat(new OptimizersBench().option(parts[0], parts[1])).isPresent();
        }
    }
}
