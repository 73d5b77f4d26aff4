package dev.understudy.core.executor.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.config.Config;
import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.config.ExecutorSettings.Switch;
import dev.understudy.core.executor.tuning.KeepRule.Verdict;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rigs whose figures are known, with a noise of two in a hundred. */
class SwitchTunerTest {
    private static final SwitchTuner.Plan PLAN = new SwitchTuner.Plan(8, 0.05, 0.05);

    private final Random random = new Random(11);

    /** What a setting costs, as a factor of each measure. */
    private interface Costs {
        double of(Measure measure, Set<Switch> on);
    }

    private SwitchTuner.Result tune(Costs costs) throws InterruptedException {
        SwitchTuner.Rig rig = settings -> {
            Map<Measure, Double> figures = new EnumMap<>(Measure.class);
            for (Measure each : Measure.values())
                figures.put(each, 10 * costs.of(each, settings.on()) * Math.exp(0.02 * random.nextGaussian()));
            return figures;
        };
        return new SwitchTuner(rig, PLAN, random, _ -> {}).tune(ExecutorSettings.PLAIN, EnumSet.allOf(Switch.class));
    }

    @Test
    void switchesOnWhatPaysAndNothingElse() throws InterruptedException {
        SwitchTuner.Result result = tune((measure, on) -> {
            double cost = 1;
            if (on.contains(Switch.CACHE_OPTIMIZATION) && measure == Measure.CACHE) cost *= 0.1;
            if (on.contains(Switch.OBJECT_POOL) && measure == Measure.CONTEXTS) cost *= 0.85;
            if (on.contains(Switch.OBJECT_POOL) && measure == Measure.MEMORY) cost *= 1.5;
            if (on.contains(Switch.STEP_OPTIMIZATION) && measure == Measure.EXECUTION_TIME) cost *= 0.85;
            return cost;
        });
        assertThat(result.tuned().on()).containsExactlyInAnyOrder(Switch.CACHE_OPTIMIZATION, Switch.STEP_OPTIMIZATION);
        assertThat(result.conservative().on()).containsExactly(Switch.CACHE_OPTIMIZATION);
        assertThat(result.alone().get(Switch.OBJECT_POOL))
                .isNotNull()
                .extracting(KeepRule.Judgement::verdict)
                .isEqualTo(Verdict.MAY_HARM);
    }

    @Test
    void keepsWhatThereIsWhereNothingPays() throws InterruptedException {
        SwitchTuner.Result result = tune((_, on) -> on.isEmpty() ? 1 : 1.2);
        assertThat(result.keepsWhatThereIs()).isTrue();
        assertThat(result.tuned()).isEqualTo(ExecutorSettings.PLAIN);
    }

    @Test
    void takesTheBestAloneWhereTwoDoNotGetOnTogether() throws InterruptedException {
        SwitchTuner.Result result = tune((measure, on) -> {
            boolean cache = on.contains(Switch.CACHE_OPTIMIZATION);
            boolean gate = on.contains(Switch.CONCURRENCY_OPTIMIZATION);
            if (cache && gate) return 2;
            if (measure != Measure.EXECUTION_TIME) return 1;
            return cache ? 0.5 : gate ? 0.8 : 1;
        });
        assertThat(result.tuned().on()).containsExactly(Switch.CACHE_OPTIMIZATION);
    }

    @Nested
    class WhatIsWritten {
        @Test
        void isAConfigurationWithItsEvidence() throws InterruptedException {
            SwitchTuner.Result result =
                    tune((measure, on) -> on.contains(Switch.CACHE_OPTIMIZATION) && measure == Measure.CACHE ? 0.1 : 1);
            String text = TunedText.of(List.of("Measured."), result.tuned(), result.alone());
            assertThat(Config.parse("tuned.yaml", text).executor()).isEqualTo(result.tuned());
            assertThat(text).contains("enable_cache_optimization: true   # cache is better by ");
        }

        @Test
        void isAnEmptySectionWhereNothingPays() {
            String text = TunedText.of(List.of("Measured."), ExecutorSettings.PLAIN, Map.of());
            assertThat(text).isEqualTo("# Measured.\nexecutor: {}\n");
        }
    }
}
