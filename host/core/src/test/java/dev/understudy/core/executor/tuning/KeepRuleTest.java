package dev.understudy.core.executor.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.executor.tuning.KeepRule.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepRuleTest {
    private static final int SWITCHES = 12;
    private static final int SESSIONS = 1000;

    private final KeepRule rule = new KeepRule(0.05, 0.1, SWITCHES);

    /** Figures of a machine on which others work too: most lie close, one in ten is far out, and all drift. */
    private static List<Double> figures(Random random, int count, double noise, double factor) {
        var figures = new ArrayList<Double>();
        for (int i = 0; i < count; i++) {
            double spike = random.nextInt(10) == 0 ? 1 + random.nextDouble() : 1;
            figures.add(factor * 10 * (1 + 0.02 * i) * spike * Math.exp(noise * random.nextGaussian()));
        }
        return figures;
    }

    private static Map<Measure, List<Double>> all(Random random, int count, double noise, double factor) {
        var all = new EnumMap<Measure, List<Double>>(Measure.class);
        for (Measure each : Measure.values()) all.put(each, figures(random, count, noise, factor));
        return all;
    }

    /** A session asks of twelve switches, of which none makes a difference. */
    @ParameterizedTest
    @ValueSource(doubles = {0.005, 0.02, 0.1})
    void keepsSomethingInAtMostOneOfTwentySessionsWithoutADifference(double noise) {
        var random = new Random(20261130);
        int kept = 0;
        for (int session = 0; session < SESSIONS; session++) {
            boolean any = false;
            for (int i = 0; i < SWITCHES; i++) {
                Verdict verdict = rule.judge(all(random, 8, noise, 1), all(random, 8, noise, 1))
                        .verdict();
                any |= verdict == Verdict.KEEP;
            }
            if (any) kept++;
        }
        assertThat(kept).isLessThanOrEqualTo(SESSIONS / 20);
    }

    private Verdict withOne(Measure measure, double factor) {
        var random = new Random(5);
        Map<Measure, List<Double>> without = steady(random, 1);
        Map<Measure, List<Double>> with = steady(random, 1);
        with.put(measure, steadily(random, factor));
        return rule.judge(without, with).verdict();
    }

    private static Map<Measure, List<Double>> steady(Random random, double factor) {
        var all = new EnumMap<Measure, List<Double>>(Measure.class);
        for (Measure each : Measure.values()) all.put(each, steadily(random, factor));
        return all;
    }

    private static List<Double> steadily(Random random, double factor) {
        var figures = new ArrayList<Double>();
        for (int i = 0; i < 8; i++) figures.add(factor * 10 * Math.exp(0.02 * random.nextGaussian()));
        return figures;
    }

    @ParameterizedTest
    @EnumSource
    void keepsWhatGainsAFifthOnOneMeasureAndLosesNothing(Measure measure) {
        assertThat(withOne(measure, 0.8)).isEqualTo(Verdict.KEEP);
    }

    @ParameterizedTest
    @EnumSource
    void rejectsWhatMakesOneMeasureWorse(Measure measure) {
        assertThat(withOne(measure, 1.2)).isEqualTo(Verdict.MAY_HARM);
    }

    @Test
    void rejectsWhatGainsMuchAtTheCostOfAnotherMeasure() {
        var random = new Random(9);
        Map<Measure, List<Double>> with = steady(random, 1);
        with.put(Measure.CACHE, steadily(random, 0.1));
        with.put(Measure.MEMORY, steadily(random, 1.3));
        assertThat(rule.judge(steady(random, 1), with).verdict()).isEqualTo(Verdict.MAY_HARM);
    }

    @Test
    void leavesAGainThatIsNotWorthASwitch() {
        assertThat(withOne(Measure.EXECUTION_TIME, 0.97)).isEqualTo(Verdict.NO_GAIN);
    }

    /** Worked by hand: ratios 2, 2, 2, 2 have no spread. */
    @Test
    void tellsTheShareByWhichAFigureFalls() {
        Comparison comparison =
                Comparison.of(Measure.EXECUTION_TIME, List.of(2.0, 4.0, 6.0, 8.0), List.of(1.0, 2.0, 3.0, 4.0), 0.001);
        assertThat(comparison.improvement()).isCloseTo(0.5, org.assertj.core.api.Assertions.within(1e-12));
        assertThat(comparison.low()).isCloseTo(0.5, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(comparison.baseline()).isEqualTo(5);
        assertThat(comparison.changed()).isEqualTo(2.5);
    }
}
