package dev.understudy.plugins.recommendations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestRunsTest {
    private static final int MEMORY = 50;
    private static final int[] LENGTHS = {1, 3, 8};

    @Test
    void areAsFarAsTheNearestOfAllThatDoNotOverlap() {
        var random = new Random(5);
        var nearest = new NearestRuns(MEMORY, LENGTHS);
        double[] values = random.doubles(400).toArray();
        // What was large leaves no trace in the sums once it is forgotten.
        values[120] = 1e9;
        for (int t = 0; t < values.length; t++) {
            double[] distances = nearest.accept(values[t]);
            boolean farAway = t >= 120 && t < 300;
            for (int i = 0; i < LENGTHS.length; i++)
                if (!farAway)
                    assertThat(distances[i])
                            .as("runs of %d at %d", LENGTHS[i], t)
                            .isCloseTo(byHand(values, t, LENGTHS[i]), within(1e-9));
        }
    }

    @Test
    void areNowhereBeforeThereIsAnEarlierOne() {
        var nearest = new NearestRuns(MEMORY, 4);
        for (int i = 0; i < 7; i++) assertThat(nearest.accept(i * i)).containsExactly(0);
        assertThat(nearest.accept(49)[0]).isPositive();
    }

    private static double byHand(double[] values, int now, int length) {
        double least = Double.MAX_VALUE;
        for (int lag = length; lag <= Math.min(MEMORY, now - length + 1); lag++) {
            double squares = 0;
            for (int i = 0; i < length; i++) squares += Math.pow(values[now - i] - values[now - i - lag], 2);
            least = Math.min(least, squares);
        }
        return least == Double.MAX_VALUE ? 0 : Math.sqrt(least / length);
    }
}
