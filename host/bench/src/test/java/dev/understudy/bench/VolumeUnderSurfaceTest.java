package dev.understudy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.bench.NumentaScore.Window;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VolumeUnderSurfaceTest {
    private static final List<Window> TRUTH = List.of(new Window(200, 249), new Window(600, 649));

    private static double[] scores(java.util.function.IntToDoubleFunction score) {
        return IntStream.range(0, 1000).mapToDouble(score).toArray();
    }

    private static boolean inside(int index) {
        return (index >= 200 && index < 250) || (index >= 600 && index < 650);
    }

    @Test
    void isOneForScoresThatAreHigherInEveryWindowThanOutside() {
        assertThat(VolumeUnderSurface.precisionRecall(scores(i -> inside(i) ? 1 : 0), TRUTH, 0))
                .isEqualTo(1.0, within(1e-12));
    }

    @Test
    void isTheShareOfTheWindowsForAScoreThatSaysNothing() {
        assertThat(VolumeUnderSurface.precisionRecall(scores(_ -> 7), TRUTH, 0)).isEqualTo(0.1, within(1e-12));
    }

    @Test
    void isAboutThatForScoresByLot() {
        var random = new Random(3);

        assertThat(VolumeUnderSurface.precisionRecall(scores(_ -> random.nextDouble()), TRUTH, 0))
                .isBetween(0.07, 0.15);
    }

    @Test
    void halvesWhatOneWindowOfTwoBrings() {
        // The first window alone, at full precision: half of the values times half of the windows; then all at once.
        double[] scores = scores(i -> i >= 200 && i < 250 ? 1 : 0);

        assertThat(VolumeUnderSurface.precisionRecall(scores, TRUTH, 0)).isEqualTo(0.25 + 0.75 * 0.1, within(1e-12));
    }

    @Test
    void forgivesAnAnswerAtTheEdgeWhereThereIsABuffer() {
        double[] late = scores(i -> (i >= 250 && i < 260) || (i >= 650 && i < 660) ? 1 : 0);

        assertThat(VolumeUnderSurface.precisionRecall(late, TRUTH, 100))
                .isGreaterThan(2 * VolumeUnderSurface.precisionRecall(late, TRUTH, 0));
    }
}
