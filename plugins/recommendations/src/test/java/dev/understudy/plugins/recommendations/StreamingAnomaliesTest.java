package dev.understudy.plugins.recommendations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamingAnomaliesTest {

    private static List<Integer> alarms(int length, IntToDoubleFunction value) {
        var stream = new StreamingAnomalies();
        var alarms = new ArrayList<Integer>();
        for (int i = 0; i < length; i++)
            if (stream.accept(value.applyAsDouble(i)).alarm()) alarms.add(i);
        return alarms;
    }

    private static IntToDoubleFunction noise(long seed, double scale) {
        var random = new Random(seed);
        return _ -> 100 * scale + 5 * scale * random.nextGaussian();
    }

    @Nested
    class AnUndisturbedStream {
        @Test
        void raisesAtMostOneAlarmInAThousandValuesOfPureNoise() {
            int alarms = 0;
            for (int seed = 0; seed < 5; seed++)
                alarms += alarms(4000, noise(seed, 1)).size();

            assertThat(alarms).isLessThanOrEqualTo(20);
        }

        @Test
        void raisesNoneIfItKeepsItsRhythm() {
            IntToDoubleFunction noise = noise(7, 1);

            assertThat(alarms(4000, i -> noise.applyAsDouble(i) + (i % 288 < 96 ? 60 : 0)))
                    .isEmpty();
            assertThat(alarms(4000, i -> i % 288 < 96 ? 60 : 0)).isEmpty();
        }

        @Test
        void raisesNoneIfItIsConstant() {
            assertThat(alarms(3000, _ -> 42)).isEmpty();
        }
    }

    @Nested
    class ADisturbedStream {
        @ParameterizedTest
        @ValueSource(doubles = {1e-9, 1, 1e9})
        void raisesAnAlarmAtASpikeWhateverItsScale(double scale) {
            IntToDoubleFunction noise = noise(7, scale);

            assertThat(alarms(2000, i -> noise.applyAsDouble(i) + (i == 1500 ? 80 * scale : 0)))
                    .contains(1500);
        }

        @Test
        void raisesAnAlarmAtADrop() {
            IntToDoubleFunction noise = noise(7, 1);

            assertThat(alarms(2000, i -> noise.applyAsDouble(i) - (i == 1500 ? 80 : 0)))
                    .contains(1500);
        }

        @Test
        void raisesAnAlarmSoonAfterItsLevelHasMovedByLessThanItsSpread() {
            IntToDoubleFunction noise = noise(7, 1);

            assertThat(alarms(2000, i -> noise.applyAsDouble(i) + (i >= 1500 ? 8 : 0)))
                    .anyMatch(alarm -> alarm >= 1500 && alarm < 1548);
        }

        @Test
        void raisesAnAlarmSoonAfterItHasGoneQuiet() {
            IntToDoubleFunction noise = noise(7, 1);

            assertThat(alarms(2000, i -> i >= 1500 ? 100 : noise.applyAsDouble(i)))
                    .anyMatch(alarm -> alarm >= 1500 && alarm < 1560);
        }

        @Test
        void raisesAnAlarmWhereItsRhythmFails() {
            IntToDoubleFunction noise = noise(7, 1);

            // Every value is one that was there a hundred times; what is missing is a beat.
            assertThat(alarms(6000, i -> noise.applyAsDouble(i) + (i % 48 < 16 && i / 48 != 100 ? 60 : 0)))
                    .anyMatch(alarm -> alarm >= 4800 && alarm < 4864);
        }

        @Test
        void raisesNoSecondAlarmWhileTheFirstIsNews() {
            IntToDoubleFunction noise = noise(7, 1);

            assertThat(alarms(2000, i -> noise.applyAsDouble(i) + (i >= 1500 && i < 1560 ? 80 + i : 0)))
                    .filteredOn(alarm -> alarm >= 1500 && alarm < 1620)
                    .containsExactly(1500);
        }
    }

    @Test
    void aTailOfAnExponentialDistributionIsAsLongAsItIs() {
        var peaks = new PeaksOverThreshold(10_000);
        var random = new Random(11);
        int beyond = 0;
        for (int i = 0; i < 50_000; i++) if (peaks.accept(-Math.log(1 - random.nextDouble())) > 3) beyond++;

        // One in a thousand should be as surprising as three decimal digits.
        assertThat(beyond).isBetween(25, 100);
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThatThrownBy(() -> new StreamingAnomalies().accept(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN");
    }
}
